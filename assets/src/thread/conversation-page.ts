import type { Outcome, PageAction } from "../dashboard/page-action";

/** What of the page belongs to its conversation. */
export interface ConversationPage {
  /** Does what an answer does on the page. */
  act(action: PageAction): Outcome;
  /** Undoes that. */
  undo(action: PageAction): void;
  /** The values that go with a question. */
  inputs(): readonly unknown[];
  /** An answer is complete. */
  answered(): void;
}

export const NO_PAGE: ConversationPage = {
  act: () => ({ done: false, problem: "missing" }),
  undo: () => {},
  inputs: () => [],
  answered: () => {},
};
