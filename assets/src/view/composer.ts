import type { SubmitKey } from "../config.js";
import type { Draft } from "./draft.js";
import { nameButton } from "./icon-button.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";
import { Recall } from "./recall.js";
import { isSubmit } from "./submit-key.js";

export interface ComposerEvents {
  submit(text: string): boolean;
  stop(): void;
  engage(): void;
  /** What was asked before, oldest first. */
  questions(): readonly string[];
}

/** How a message is sent while an answer is being made. */
export interface SteerButton {
  readonly button: HTMLElement;
  readonly label: string;
}

/** Says of the composer that something goes along with the text, which may then be empty. */
export const ATTACHED_ATTRIBUTE = "data-chat-attached";

export interface ComposerOptions {
  readonly submitKey: SubmitKey;
  readonly draft: Draft;
  /** null where none can be sent while an answer is being made. */
  readonly steer: SteerButton | null;
}

/**
 * The text field and its button, which sends or, while an answer is being made, stops it. Where messages can be sent
 * then, too, another button beside it does.
 *
 * Both elements belong to React, which may replace the field: it is looked up when needed, events are taken at the
 * composer around it.
 */
export class Composer {
  readonly #element: HTMLElement;
  readonly #button: HTMLElement;
  readonly #events: ComposerEvents;
  readonly #options: ComposerOptions;
  readonly #recall = new Recall();
  readonly #listeners: AbortController;
  readonly #window: Window & typeof globalThis;
  #isLive = false;

  constructor(element: HTMLElement, button: HTMLElement, events: ComposerEvents, options: ComposerOptions) {
    this.#element = element;
    this.#button = button;
    this.#events = events;
    this.#options = options;
    this.#window = element.ownerDocument.defaultView!;
    this.#listeners = new this.#window.AbortController();
    const document = element.ownerDocument;
    button.append(createIcon(document, "send"), createIcon(document, "stop"));
    const { steer } = options;
    if (steer) {
      steer.button.append(createIcon(document, "send"));
      nameButton(steer.button, steer.label);
    }
    this.#renderButton();
    const { signal } = this.#listeners;
    element.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    element.addEventListener("focusin", (event) => event.target === this.#field && events.engage(), { signal });
    element.addEventListener("input", (event) => event.target === this.#field && this.#changed(), { signal });
    button.addEventListener("click", (event) => this.#onButton(event), { signal });
    steer?.button.addEventListener("click", () => this.#submit(), { signal });
  }

  /** Brings back what was typed on an earlier visit, and reports a focus that was there before anybody listened. */
  begin(): void {
    const field = this.#field;
    const draft = this.#options.draft.load();
    if (field?.value === "" && draft !== "") {
      this.#setValue(field, draft);
    }
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
    this.#options.steer?.button.replaceChildren();
  }

  get #field(): HTMLTextAreaElement | null {
    return this.#element.querySelector("textarea");
  }

  #renderButton(): void {
    this.#button.dataset["action"] = this.#isLive ? "stop" : "send";
    nameButton(this.#button, this.#isLive ? labels.stop : labels.send);
    if (this.#options.steer) {
      this.#options.steer.button.hidden = !this.#isLive;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const field = this.#field;
    if (!field || event.target !== field || event.defaultPrevented) {
      return;
    }
    if (isSubmit(event, this.#options.submitKey)) {
      event.preventDefault();
      // A held key must not send what is typed while the answer is being made.
      if ((!this.#isLive || this.#options.steer) && !event.repeat) {
        this.#submit();
      }
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && isPlain(event)) {
      this.#onArrow(field, event);
    }
  }

  #onArrow(field: HTMLTextAreaElement, event: KeyboardEvent): void {
    const questions = this.#events.questions();
    const { value, selectionStart } = field;
    if (selectionStart < value.length) {
      // Somebody is going through the lines of what was recalled.
      return;
    }
    const text = event.key === "ArrowUp" ? this.#recall.older(value, questions) : this.#recall.newer(value, questions);
    if (text !== null) {
      event.preventDefault();
      this.#setValue(field, text);
      field.setSelectionRange(text.length, text.length);
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

  /** Puts a text into the field, to be changed or sent; what is typed there stays behind it. */
  restore(text: string): void {
    const field = this.#field;
    if (field) {
      this.#setValue(field, field.value.trim() === "" ? text : `${text}\n\n${field.value}`);
    }
    this.focus();
  }

  #submit(): void {
    const field = this.#field;
    const text = field?.value.trimEnd().replace(/^\s*\n/, "") ?? "";
    const isEmpty = text === "" && !this.#element.hasAttribute(ATTACHED_ATTRIBUTE);
    if (!field || isEmpty || !this.#events.submit(text)) {
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

  #changed(): void {
    const field = this.#field;
    if (field) {
      this.#options.draft.save(field.value);
      this.#fitHeight(field);
    }
  }

  /** For browsers whose CSS can't do it. */
  #fitHeight(field: HTMLTextAreaElement): void {
    if (this.#window.CSS?.supports("field-sizing", "content")) {
      return;
    }
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}

function isPlain(event: KeyboardEvent): boolean {
  return !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || event.isComposing);
}
