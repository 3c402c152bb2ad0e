import type { Outcome, PageAction } from "../dashboard/page-action";

/** What of the page belongs to its conversation. */
export interface ConversationPage {
  /** Does what an answer does on the page. */
  act(action: PageAction): Outcome;
  /** Undoes that. Returns false when it can't be. */
  undo(action: PageAction): boolean;
  /** The values that go with a question. */
  inputs(): readonly unknown[];
  /** An answer is complete. */
  answered(): void;
}

export const NO_PAGE: ConversationPage = {
  act: () => ({ done: false, problem: "missing" }),
  undo: () => false,
  inputs: () => [],
  answered: () => {},
};
