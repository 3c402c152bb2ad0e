import { createElement } from "./element.js";

export interface ActionLineOptions {
  /** Class name of the line, and beginning of those of its parts. */
  readonly className: string;
  readonly action: string;
  act(): void;
  /** The line goes, and with it the button that has the focus. */
  focusLost(): void;
}

/** A sentence with something to do about it. */
export class ActionLine {
  readonly element: HTMLElement;
  readonly #options: ActionLineOptions;
  readonly #sentence: HTMLElement;
  readonly #button: HTMLButtonElement;

  constructor(document: Document, options: ActionLineOptions) {
    const { className } = options;
    this.#options = options;
    this.element = createElement(document, "div", className);
    // A live region has to be there before its text.
    this.#sentence = createElement(document, "span", `${className}-sentence`);
    this.#sentence.setAttribute("role", "status");
    this.#button = createElement(document, "button", "chat-text-button", options.action);
    this.#button.type = "button";
    this.#button.addEventListener("click", () => options.act());
    this.element.append(this.#sentence, this.#button);
    this.#show("");
  }

  /** Nothing is shown for an empty sentence. */
  render(sentence: string): void {
    if (sentence !== this.#sentence.textContent) {
      this.#show(sentence);
    }
  }

  #show(sentence: string): void {
    const hadFocus = this.element.ownerDocument.activeElement === this.#button;
    this.#sentence.textContent = sentence;
    this.element.classList.toggle(`${this.#options.className}-silent`, sentence === "");
    this.#button.hidden = sentence === "";
    if (hadFocus && this.#button.hidden) {
      this.#options.focusLost();
    }
  }
}
