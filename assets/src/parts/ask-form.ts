import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";

/** One field of a form, as the server writes it. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly input: "text" | "number" | "checkbox" | "choice" | "date" | "datetime-local" | "time" | "email" | "password";
  readonly required: boolean;
  readonly help?: string | null;
  readonly value?: unknown;
  readonly options?: readonly unknown[];
  readonly min?: number;
  readonly max?: number;
  readonly step?: string;
  readonly maxlength?: number;
}

/** What the server takes of one answer. */
const MAX_CHARS = 10_000;
let forms = 0;

/** What the reader fills in to answer a question. */
export class AskForm {
  readonly element: HTMLFormElement;
  readonly #document: Document;
  readonly #fields: readonly Field[];
  readonly #controls = new Map<string, HTMLInputElement | HTMLSelectElement>();
  readonly #id = `chat-ask-form-${(forms += 1)}`;

  /** @param filled what was filled in before; @param problems what was wrong with it, by the names of fields. */
  constructor(
    document: Document,
    fields: readonly Field[],
    filled: Readonly<Record<string, unknown>>,
    problems: Readonly<Record<string, string>>,
    onSubmit: (value: Readonly<Record<string, unknown>>) => void,
  ) {
    this.#document = document;
    this.#fields = fields;
    this.element = createElement(document, "form", "chat-ask-form");
    const whole = problems[""];
    this.element.append(
      ...fields.map((field, index) => this.#row(field, index, own(filled, field.name) ?? field.value, own(problems, field.name))),
      ...(whole === undefined ? [] : [createElement(document, "div", "chat-ask-problem", whole)]),
    );
    const submit = createElement(document, "button", "chat-form-button chat-form-submit", labels.sendAnswer);
    submit.type = "submit";
    this.element.append(submit);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      onSubmit(this.#value());
    });
  }

  /** The first field that something is wrong with takes the focus. */
  focusProblem(): void {
    this.element.querySelector<HTMLElement>("[aria-invalid]")?.focus({ preventScroll: true });
  }

  #row(field: Field, index: number, value: unknown, problem: string | undefined): HTMLElement {
    const row = createElement(this.#document, "div", "chat-ask-row");
    const control = field.input === "choice" ? this.#choice(field, value) : this.#input(field, value);
    control.id = `${this.#id}-${index}`;
    control.name = field.name;
    control.required = field.required && field.input !== "checkbox";
    const label = createElement(this.#document, "label", "chat-ask-label", field.label);
    label.htmlFor = control.id;
    row.append(...(field.input === "checkbox" ? [control, label] : [label, control]));
    const notes = [this.#note("help", field.help), this.#note("problem", problem)].flatMap((note) => note ?? []);
    notes.forEach((note, place) => (note.id = `${control.id}-note-${place}`));
    if (notes.length > 0) {
      control.setAttribute("aria-describedby", notes.map(({ id }) => id).join(" "));
    }
    if (problem !== undefined) {
      control.setAttribute("aria-invalid", "true");
    }
    row.append(...notes);
    this.#controls.set(field.name, control);
    return row;
  }

  #note(kind: "help" | "problem", text: string | null | undefined): HTMLElement | null {
    return text ? createElement(this.#document, "div", `chat-ask-${kind}`, text) : null;
  }

  #input({ input, min, max, step, maxlength }: Field, value: unknown): HTMLInputElement {
    const control = createElement(this.#document, "input", input === "checkbox" ? "chat-ask-checkbox" : "chat-ask-field");
    control.type = input;
    if (input === "checkbox") {
      control.checked = value === true;
      return control;
    }
    control.value = value === null || value === undefined ? "" : String(value);
    const longest = input === "text" || input === "email" || input === "password" ? MAX_CHARS : undefined;
    for (const [name, limit] of Object.entries({ min, max, step, maxlength: maxlength ?? longest })) {
      if (limit !== undefined) {
        control.setAttribute(name, String(limit));
      }
    }
    return control;
  }

  #choice({ options = [], required }: Field, value: unknown): HTMLSelectElement {
    const control = createElement(this.#document, "select", "chat-ask-field");
    const none = required && value !== undefined && value !== null ? [] : [""];
    control.append(
      ...[...none, ...options].map((option, index) => {
        const item = createElement(this.#document, "option", "", String(option));
        item.value = index < none.length ? "" : String(index - none.length);
        item.selected = option === value;
        return item;
      }),
    );
    return control;
  }

  /** What is left empty is left out, so that it is what the form says it is by default. */
  #value(): Readonly<Record<string, unknown>> {
    // Not set one by one: `__proto__` is a name like any other.
    const values: [string, unknown][] = [];
    for (const { name, input, options = [] } of this.#fields) {
      const control = this.#controls.get(name)!;
      if (input === "checkbox") {
        values.push([name, (control as HTMLInputElement).checked]);
      } else if (control.value !== "") {
        const { value } = control;
        values.push([name, input === "choice" ? options[Number(value)] : input === "number" ? Number(value) : value]);
      }
    }
    return Object.fromEntries(values);
  }
}

/** A field may be named as what every object has. */
export function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
