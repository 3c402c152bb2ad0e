import { createElement } from "./element.js";

/** Buttons in a row that are one stop of the Tab key; arrow keys go from one to the next. */
export class Toolbar {
  readonly element: HTMLElement;

  constructor(document: Document, label: string) {
    this.element = createElement(document, "div", "chat-toolbar");
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", label);
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("focusin", (event) => this.#makeStop(event.target as HTMLElement));
    this.element.addEventListener("focusout", () => this.settle());
  }

  /** To be called after buttons were added, removed or disabled: the first is where the Tab key stops. */
  settle(): void {
    const [first] = this.#buttons();
    this.element.hidden = first === undefined;
    this.#makeStop(first);
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.element.querySelectorAll<HTMLButtonElement>("button:enabled:not([hidden])")];
  }

  /** Style sheets take out of sight what can't be done just now. */
  #isSeen(button: HTMLButtonElement): boolean {
    return this.#style(button).visibility !== "hidden";
  }

  #style(element: Element): CSSStyleDeclaration {
    return element.ownerDocument.defaultView!.getComputedStyle(element);
  }

  #makeStop(stop: HTMLElement | undefined): void {
    this.element.querySelectorAll("button").forEach((button) => (button.tabIndex = button === stop ? 0 : -1));
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = this.#buttons().filter((button) => this.#isSeen(button));
    const index = buttons.findIndex((button) => button === event.target);
    const isMirrored = this.#style(this.element).direction === "rtl";
    const targets: Readonly<Record<string, number>> = {
      [isMirrored ? "ArrowLeft" : "ArrowRight"]: (index + 1) % buttons.length,
      [isMirrored ? "ArrowRight" : "ArrowLeft"]: index - 1,
      Home: 0,
      End: -1,
    };
    const target = targets[event.key];
    if (index !== -1 && target !== undefined) {
      event.preventDefault();
      buttons.at(target)?.focus();
    }
  }
}
