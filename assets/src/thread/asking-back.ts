import type { PageAction } from "../dashboard/page-action";
import { shownOf } from "../protocol/content";
import type { SnapshotPart } from "../protocol/frames";
import type { PartState } from "../state";
import type { ConversationPage } from "./conversation-page";
import type { LiveRun } from "./live-run";
import type { ThreadTree } from "./thread-tree";

/** What answers ask of their reader and of the page, and what came of it. */
export class AskingBack {
  readonly #tree: () => ThreadTree;
  readonly #page: Pick<ConversationPage, "act" | "undo">;

  /** @param tree the conversation, as it is now. */
  constructor(tree: () => ThreadTree, page: Pick<ConversationPage, "act" | "undo">) {
    this.#tree = tree;
    this.#page = page;
  }

  /** Answers what a live answer asks in one of its parts. Returns false when it asks that no more. */
  answer(run: LiveRun, part: PartState, value: unknown): boolean {
    const isAsked = !run.stopping && this.#partsOf(run.answer).includes(part);
    if (isAsked) {
      run.questions.give(part.text, value, run.state.parts);
    }
    return isAsked;
  }

  /** Does what an answer does on the page and has not been done. Returns whether there was anything. */
  act(run: LiveRun): boolean {
    const { parts } = run.state;
    const due = run.stopping ? [] : [...parts.keys()].filter((place) => !run.acted.has(place) && isDue(parts[place]!));
    for (const place of due) {
      const { text } = parts[place]!;
      run.acted = new Set([...run.acted, place]);
      run.questions.give(text, this.#page.act(JSON.parse(text) as PageAction), parts);
    }
    return due.length > 0;
  }

  /** Undoes what is shown. Returns false when the page can't do it. */
  undo(key: string, part: PartState): boolean {
    const parts = this.#partsOf(key);
    if (!parts.includes(part)) {
      return true;
    }
    const isUndone = this.#page.undo(JSON.parse(part.text) as PageAction);
    if (isUndone) {
      this.#tree().edit(key, { parts: parts.map((other) => (other === part ? { ...part, isUndone } : other)) });
    }
    return isUndone;
  }

  /** What is shown of a run. What was undone stays undone, whatever else comes. */
  shownParts(run: LiveRun): PartState[] {
    const before = this.#partsOf(run.answer);
    return shownOf(run.state.parts).map((part, place) => {
      const shown = before[place];
      return shown?.isUndone && shown.text === part.text ? shown : part;
    });
  }

  #partsOf(key: string): readonly PartState[] {
    return this.#tree().get(key)?.message.parts ?? [];
  }
}

function isDue({ kind, text, ended }: SnapshotPart): boolean {
  return kind === "action" && ended && (JSON.parse(text) as PageAction).state === "open";
}
