import { createIcon } from "./icons.js";
import { labels } from "./labels.js";

export interface ComposerEvents {
  submit(text: string): boolean;
  stop(): void;
  engage(): void;
}

/** Some input methods report the Enter that picks a word with this code only, after composition has ended. */
const IME_KEY_CODE = 229;

/**
 * The text field and its button, which sends or, while an answer is being made, stops it.
 *
 * Both elements belong to React, which may replace the field: it is looked up when needed, events are taken at the
 * composer around it.
 */
export class Composer {
  readonly #element: HTMLElement;
  readonly #button: HTMLElement;
  readonly #events: ComposerEvents;
  readonly #listeners: AbortController;
  readonly #window: Window & typeof globalThis;
  #isLive = false;

  constructor(element: HTMLElement, button: HTMLElement, events: ComposerEvents) {
    this.#element = element;
    this.#button = button;
    this.#events = events;
    this.#window = element.ownerDocument.defaultView!;
    this.#listeners = new this.#window.AbortController();
    const document = element.ownerDocument;
    button.append(createIcon(document, "send"), createIcon(document, "stop"));
    this.#renderButton();
    const { signal } = this.#listeners;
    element.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    element.addEventListener("focusin", (event) => event.target === this.#field && events.engage(), { signal });
    element.addEventListener("input", () => this.#fitHeight(), { signal });
    button.addEventListener("click", (event) => this.#onButton(event), { signal });
  }

  /** Reports a focus that was there before anybody listened. */
  reportFocus(): void {
    const field = this.#field;
    if (field && field.ownerDocument.activeElement === field) {
      this.#events.engage();
    }
  }

  /** Tells whether an answer is being made. */
  setLive(isLive: boolean): void {
    if (isLive !== this.#isLive) {
      this.#isLive = isLive;
      this.#renderButton();
    }
  }

  destroy(): void {
    this.#listeners.abort();
    this.#button.replaceChildren();
  }

  get #field(): HTMLTextAreaElement | null {
    return this.#element.querySelector("textarea");
  }

  #renderButton(): void {
    const label = this.#isLive ? labels.stop : labels.send;
    this.#button.dataset["action"] = this.#isLive ? "stop" : "send";
    this.#button.setAttribute("aria-label", label);
    this.#button.title = label;
  }

  #onKey(event: KeyboardEvent): void {
    const isPlainEnter =
      event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== IME_KEY_CODE;
    if (!isPlainEnter || event.defaultPrevented || event.target !== this.#field) {
      return;
    }
    event.preventDefault();
    // A held key must not send what is typed while the answer is being made.
    if (!this.#isLive && !event.repeat) {
      this.#submit();
    }
  }

  #onButton(event: MouseEvent): void {
    // The second click of a double click would undo the first: stop what was sent, or send what was kept. A third is
    // meant: somebody is in a hurry to stop.
    if (event.detail === 2) {
      return;
    }
    if (this.#isLive) {
      this.#events.stop();
    } else {
      this.#submit();
    }
  }

  focus(): void {
    this.#field?.focus({ preventScroll: true });
  }

  #submit(): void {
    const field = this.#field;
    const text = field?.value.trimEnd().replace(/^\s*\n/, "") ?? "";
    if (!field || text === "" || !this.#events.submit(text)) {
      return;
    }
    this.#setValue(field, "");
    this.focus();
  }

  /** Sets the value so that React, which controls the field, takes it for the user's input. */
  #setValue(field: HTMLTextAreaElement, value: string): void {
    const { set } = Object.getOwnPropertyDescriptor(this.#window.HTMLTextAreaElement.prototype, "value")!;
    set!.call(field, value);
    field.dispatchEvent(new this.#window.Event("input", { bubbles: true }));
  }

  /** For browsers whose CSS can't do it. */
  #fitHeight(): void {
    const field = this.#field;
    if (!field || this.#window.CSS?.supports("field-sizing", "content")) {
      return;
    }
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}
