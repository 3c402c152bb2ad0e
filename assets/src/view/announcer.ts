import { createElement } from "./element.js";

/** Says a sentence to those who do not see what has changed. */
export class Announcer {
  readonly #region: HTMLElement;

  constructor(root: HTMLElement) {
    this.#region = createElement(root.ownerDocument, "div", "chat-visually-hidden");
    this.#region.setAttribute("role", "status");
    root.append(this.#region);
  }

  announce(sentence: string): void {
    // An element that is new is said again, also when it says the same.
    this.#region.replaceChildren(createElement(this.#region.ownerDocument, "span", "", sentence));
  }

  destroy(): void {
    this.#region.remove();
  }
}
