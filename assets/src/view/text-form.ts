import type { SubmitKey } from "../config.js";
import { createElement } from "./element.js";
import { isSubmit } from "./submit-key.js";

export interface TextFormOptions {
  readonly className: string;
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly maxChars: number | null;
  readonly submit: string;
  readonly cancel: string;
  readonly submitKey: SubmitKey;
  /** Whether the label is to be seen, not only to be said. */
  readonly isLabelShown: boolean;
  onSubmit(text: string): void;
  onCancel(): void;
}

/** A text to be written within the conversation, with the keys of the composer. */
export class TextForm {
  readonly element: HTMLFormElement;
  readonly #field: HTMLTextAreaElement;
  readonly #options: TextFormOptions;

  constructor(document: Document, options: TextFormOptions) {
    this.#options = options;
    this.element = createElement(document, "form", `chat-form ${options.className}`);
    const label = createElement(document, "label", "chat-form-label");
    const caption = options.isLabelShown ? "chat-form-caption" : "chat-visually-hidden";
    this.#field = createElement(document, "textarea", "chat-form-field");
    this.#field.value = options.text;
    this.#field.placeholder = options.placeholder;
    this.#field.rows = 1;
    if (options.maxChars !== null) {
      this.#field.maxLength = options.maxChars;
    }
    this.#field.dir = "auto";
    label.append(createElement(document, "span", caption, options.label), this.#field);
    const submit = createElement(document, "button", "chat-form-button chat-form-submit", options.submit);
    submit.type = "submit";
    const cancel = createElement(document, "button", "chat-form-button", options.cancel);
    cancel.type = "button";
    cancel.addEventListener("click", () => options.onCancel());
    const buttons = createElement(document, "div", "chat-form-buttons");
    buttons.append(cancel, submit);
    this.element.append(label, buttons);
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  focus(): void {
    const end = this.#field.value.length;
    this.#field.focus({ preventScroll: true });
    this.#field.setSelectionRange(end, end);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      this.#options.onCancel();
    } else if (event.target === this.#field && isSubmit(event, this.#options.submitKey)) {
      event.preventDefault();
      if (!event.repeat) {
        this.#submit();
      }
    }
  }

  #submit(): void {
    const text = this.#field.value.trim();
    if (text !== "") {
      this.#options.onSubmit(text);
    }
  }
}
