import { createElement } from "./element.js";
import { nameButton } from "./icon-button.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";
import { distanceToBottom } from "./scroll-keeper.js";

/** It is offered from this distance to the bottom on. */
const AWAY_PX = 80;

/** The way to the latest message, while that is out of sight. */
export class ScrollButton {
  readonly element: HTMLButtonElement;
  readonly #scroller: HTMLElement;

  constructor(scroller: HTMLElement, place: HTMLElement) {
    const document = scroller.ownerDocument;
    this.#scroller = scroller;
    this.element = createElement(document, "button", "chat-scroll-button");
    this.element.type = "button";
    this.element.hidden = true;
    this.element.append(createIcon(document, "down"));
    nameButton(this.element, labels.scrollToLatest);
    place.append(this.element);
  }

  /** @param go scrolls there. */
  onPress(go: () => void): void {
    this.element.addEventListener("click", () => {
      // The button is about to disappear; the keyboard goes on where the reader goes.
      this.#scroller.focus({ preventScroll: true });
      go();
    });
  }

  /** To be called after something was scrolled or has grown. */
  settle(isWanted: boolean): void {
    const isHidden = !isWanted || distanceToBottom(this.#scroller) < AWAY_PX;
    // Set to what it is, it would have the browser compute styles once more for each paint.
    if (this.element.hidden !== isHidden) {
      this.element.hidden = isHidden;
    }
  }

  destroy(): void {
    this.element.remove();
  }
}
