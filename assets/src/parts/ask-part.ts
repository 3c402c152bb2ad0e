import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import type { PartView } from "../view/part-view.js";
import { AskForm, own, type Field } from "./ask-form.js";

/** As the server writes it. */
interface Question {
  readonly question: string;
  readonly state: "open" | "answered" | "expired";
  readonly options?: readonly string[];
  readonly fields?: readonly Field[];
  readonly value?: unknown;
  /** What was wrong with an answer that was given, by the names of fields. */
  readonly problems?: Readonly<Record<string, string>>;
}

/** Returns whether the answer was taken. */
export type Answer = (part: PartState, value: unknown) => boolean;

/** A question that an answer asks its reader: choices, a text or a form while it is open, and then what was answered. */
export class AskPart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;
  readonly #document: Document;
  readonly #answer: Answer;
  readonly #onFocusLost: () => void;
  readonly #body: HTMLElement;
  readonly #question: HTMLElement;
  #shown = "";
  #part: PartState | null = null;
  /** The reader waits for what becomes of an answer. */
  #isGiven = false;

  constructor(document: Document, answer: Answer, onFocusLost: () => void) {
    this.#document = document;
    this.#answer = answer;
    this.#onFocusLost = onFocusLost;
    this.container = createElement(document, "div", "chat-ask");
    this.container.setAttribute("role", "group");
    this.#question = createElement(document, "div", "chat-ask-question");
    this.#question.dir = "auto";
    this.#body = createElement(document, "div", "chat-ask-body");
    this.container.append(this.#question, this.#body);
  }

  update(part: PartState, isLive: boolean): void {
    const shown = `${isLive} ${part.text}`;
    if (!part.ended) {
      return;
    }
    if (shown === this.#shown) {
      // It is asked anew, since the answer was not taken.
      this.#part = part;
      this.#release();
      return;
    }
    this.#shown = shown;
    this.#part = part;
    const question = JSON.parse(part.text) as Question;
    const isOpen = question.state === "open" && isLive;
    this.#question.textContent = question.question;
    this.container.setAttribute("aria-label", question.question);
    this.container.dataset["state"] = isOpen ? "open" : question.state === "answered" ? "answered" : "closed";
    const hadFocus = this.container.contains(this.#document.activeElement);
    const wasGiven = this.#isGiven;
    this.#release();
    this.#body.replaceChildren(...(isOpen ? this.#choices(question, wasGiven) : [this.#outcome(question)]));
    if (hadFocus && !this.container.contains(this.#document.activeElement)) {
      this.#onFocusLost();
    }
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    // Nothing but its element.
  }

  #choices({ options, fields, value, problems = {} }: Question, wasGiven: boolean): HTMLElement[] {
    if (options) {
      return options.map((option) => this.#option(option));
    }
    const filled = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
    const text: Field = { name: TEXT, label: labels.yourAnswer, input: "text", required: true };
    const form = new AskForm(this.#document, fields ?? [text], filled, problems, (values) =>
      this.#give(fields ? values : values[TEXT]),
    );
    if (wasGiven && Object.keys(problems).length > 0) {
      queueMicrotask(() => form.focusProblem());
    }
    return [form.element];
  }

  #option(option: string): HTMLElement {
    const button = createElement(this.#document, "button", "chat-ask-option", option);
    button.type = "button";
    button.dir = "auto";
    button.addEventListener("click", () => {
      if (this.#give(option)) {
        button.dataset["chosen"] = "";
      }
    });
    return button;
  }

  /** Until the server has heard it nothing else can be answered; then the part changes. */
  #give(value: unknown): boolean {
    const isTaken = this.#part !== null && this.#answer(this.#part, value);
    if (isTaken) {
      this.#isGiven = true;
      this.#body.toggleAttribute("inert", true);
      this.#onFocusLost();
    }
    return isTaken;
  }

  #release(): void {
    this.#isGiven = false;
    this.#body.removeAttribute("inert");
    this.#body.querySelector("[data-chosen]")?.removeAttribute("data-chosen");
  }

  #outcome({ state, value, fields = [] }: Question): HTMLElement {
    if (state !== "answered") {
      return createElement(this.#document, "div", "chat-ask-closed", state === "expired" ? labels.askExpired : labels.askClosed);
    }
    if (typeof value !== "object" || value === null) {
      return createElement(this.#document, "div", "chat-ask-answer", String(value));
    }
    const list = createElement(this.#document, "dl", "chat-ask-answer");
    for (const { name, label, input } of fields) {
      const given = own(value as Record<string, unknown>, name);
      if (given !== undefined) {
        const said = input === "password" ? "••••" : typeof given === "boolean" ? labels.yesOrNo(given) : String(given);
        list.append(createElement(this.#document, "dt", "", label), createElement(this.#document, "dd", "", said));
      }
    }
    return list;
  }
}

/** The name of the only field of a question that asks for a text. */
const TEXT = "text";
