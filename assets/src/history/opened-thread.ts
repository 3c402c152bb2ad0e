import { partsOf } from "../protocol/content";
import { answerEntry, answerKey, questionKey, userEntry, type Entry } from "../thread/entry";
import { LiveRun } from "../thread/live-run";
import { ThreadTree } from "../thread/thread-tree";
import type { KeptMessage, KeptThread } from "./kept-thread";

/** A conversation that the server has kept, in the form in which the chat shows one. */
export interface OpenedThread {
  readonly id: string;
  readonly tree: ThreadTree;
  /** What may still be answering its last question; null when that is answered. */
  readonly run: LiveRun | null;
}

/**
 * Brings a kept conversation into the form that the chat would have it in, had it been there all the time. The branch on
 * which something was last said is shown.
 *
 * A question that nothing follows has no answer yet, or none that says anything; of one that was asked again, this holds
 * for its last run. That of the last question is asked of the server as after a reload; earlier ones are long over, and
 * can be asked again.
 */
export function openedThread({ id, messages }: KeptThread): OpenedThread {
  const entries: Entry[] = [];
  const keys = new Map<string, string>();
  const followed = new Set(messages.map(({ parent }) => parent));
  const awaitedQuestion = unanswered(messages);
  let run: LiveRun | null = null;
  for (const message of messages) {
    const key = keyOf(message);
    entries.push(entryOf(message, key, message.parent === null ? null : (keys.get(message.parent) ?? null)));
    keys.set(message.id, key);
    if (message.role === "user" && !followed.has(message.id) && message.id !== awaitedQuestion?.id) {
      entries.push(interrupted(blankAnswer(message, key)));
    }
  }
  if (awaitedQuestion) {
    const key = keyOf(awaitedQuestion);
    const answer = blankAnswer(awaitedQuestion, key);
    entries.push(answer);
    run = awaited(awaitedQuestion.run, key, answer);
  }
  return { id, tree: ThreadTree.of(entries, pathTo(entries)), run };
}

/** The question that was asked last, when its last run has said nothing yet. */
function unanswered(messages: readonly KeptMessage[]): (KeptMessage & { readonly run: string }) | null {
  const last = messages.at(-1);
  const question = last?.role === "assistant" ? messages.find(({ id }) => id === last.parent) : last;
  const run = question?.run;
  const isAnswered = messages.some((message) => message.role === "assistant" && message.run === run);
  return question && run !== undefined && !isAnswered ? { ...question, run } : null;
}

function keyOf({ id, role, run }: KeptMessage): string {
  const name = run ?? id;
  return role === "user" ? questionKey(name) : answerKey(name);
}

function entryOf(kept: KeptMessage, key: string, parent: string | null): Entry {
  const { message } = kept.role === "user" ? userEntry(key, parent, "", kept.created) : answerEntry(key, parent ?? "", kept.created);
  return {
    parent,
    signature: { id: kept.id, parent: kept.parent },
    message: {
      ...message,
      parts: partsOf(kept.content),
      attachments: kept.files ?? [],
      status: kept.status ?? "done",
      error: kept.status === "error" ? (kept.error ?? null) : null,
      model: kept.role === "user" ? null : (kept.model ?? null),
      rating: kept.feedback?.rating ?? null,
      view: kept.view ?? null,
      suggestions: kept.suggestions ?? [],
    },
  };
}

function blankAnswer(question: KeptMessage, key: string): Entry {
  const { message, ...rest } = answerEntry(answerKey(question.run ?? question.id), key, question.created);
  return { ...rest, message: { ...message, model: question.model ?? null } };
}

function interrupted({ message, ...rest }: Entry): Entry {
  return { ...rest, message: { ...message, status: "interrupted" } };
}

function awaited(run: string, question: string, answer: Entry): LiveRun {
  const live = new LiveRun(run, question, answer.message.key);
  live.accepted = true;
  return live;
}

/** The keys from the last message up to the first. */
function pathTo(entries: readonly Entry[]): string[] {
  const parents = new Map(entries.map(({ message, parent }) => [message.key, parent]));
  const path: string[] = [];
  for (let key = entries.at(-1)?.message.key; key !== undefined && path.length <= parents.size; key = parents.get(key) ?? undefined) {
    path.push(key);
  }
  return path;
}
