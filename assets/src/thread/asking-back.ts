import type { PageAction } from "../dashboard/page-action";
import { shownOf } from "../protocol/content";
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
      run.questions.give(part.text, value);
    }
    return isAsked;
  }

  /** Does what an answer does on the page and has not been done. Returns whether there was anything. */
  act(run: LiveRun): boolean {
    const due = run.stopping ? [] : run.state.parts.filter((part) => part.kind === "action" && part.ended);
    const actions = due.map(({ text }) => ({ text, action: JSON.parse(text) as PageAction }));
    const open = actions.filter(({ text, action }) => action.state === "open" && !run.questions.has(text));
    open.forEach(({ text, action }) => run.questions.give(text, this.#page.act(action)));
    return open.length > 0;
  }

  undo(key: string, part: PartState): void {
    this.#page.undo(JSON.parse(part.text) as PageAction);
    const parts = this.#partsOf(key).map((other) => (other === part ? { ...part, isUndone: true } : other));
    this.#tree().edit(key, { parts });
  }

  /** What is shown of a run. What was undone stays undone, whatever else comes. */
  shownParts(run: LiveRun): PartState[] {
    const undone = this.#partsOf(run.answer).filter(({ isUndone }) => isUndone);
    return shownOf(run.state.parts).map((part) => undone.find(({ text }) => text === part.text) ?? part);
  }

  #partsOf(key: string): readonly PartState[] {
    return this.#tree().get(key)?.message.parts ?? [];
  }
}
