import { ActionLine } from "./action-line.js";
import { labels } from "./labels.js";

export interface ClearedLineEvents {
  undo(): void;
  /** The line goes, and with it the button that has the focus. */
  focusLost(): void;
}

/** Says that the conversation was cleared, and offers to bring it back. */
export class ClearedLine {
  readonly #line: ActionLine;

  constructor(element: HTMLElement, events: ClearedLineEvents) {
    this.#line = new ActionLine(element.ownerDocument, {
      className: "chat-cleared",
      action: labels.undo,
      act: () => events.undo(),
      focusLost: () => events.focusLost(),
    });
    element.append(this.#line.element);
  }

  render(isCleared: boolean): void {
    this.#line.render(isCleared ? labels.cleared : "");
  }

  destroy(): void {
    this.#line.element.remove();
  }
}
