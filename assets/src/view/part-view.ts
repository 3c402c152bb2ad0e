import type { PartState } from "../state.js";

/** Shows one part of an answer in an element of its own. */
export interface PartView {
  readonly container: HTMLElement;
  /** Whether there is more of it to show. */
  readonly isBehind: boolean;
  /** @param isLive whether more of the answer may come. */
  update(part: PartState, isLive: boolean): void;
  /** Shows more of it. */
  advance(): void;
  destroy(): void;
}
