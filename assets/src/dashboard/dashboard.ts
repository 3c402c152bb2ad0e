import type { GetProp, SetProps } from "../dash";
import { canHave, inFormOf, type Control } from "./control-value";
import type { Outcome, PageAction } from "./page-action";

/** Where Vizro has the page's address, and where it shows notifications. */
const ADDRESS = "vizro_url";
const NOTIFICATIONS = "vizro-notifications";
const SHOWN_MS = 6_000;
/** What the server takes; what a control had is left out where it is more. */
const MAX_OUTCOME_CHARS = 32_000;

/** Does what answers do on the page, as if its reader had done it. */
export class Dashboard {
  readonly #setProps: SetProps;
  readonly #getProp: GetProp;
  readonly #later: (call: () => void) => void;
  #notified = 0;

  /** @param later calls when what is going on has ended. */
  constructor(setProps: SetProps, getProp: GetProp, later: (call: () => void) => void) {
    this.#setProps = setProps;
    this.#getProp = getProp;
    this.#later = later;
  }

  act(action: PageAction): Outcome {
    switch (action.do) {
      case "set":
        return this.#set(action.target, action.value);
      case "navigate":
        return this.#navigate(action.path);
      case "notify":
        this.#notify(action.title, action.label);
        return { done: true };
    }
  }

  /** Gives a control the value that it had. Returns false when it is not on the page. */
  undo(action: PageAction): boolean {
    if (action.do !== "set" || this.#getProp(action.target[0], "id") === undefined) {
      return false;
    }
    return this.#setProps(action.target[0], { [action.target[1]]: action.before });
  }

  #set([id, property]: readonly [string, string], value: unknown): Outcome {
    if (this.#getProp(id, "id") === undefined) {
      return { done: false, problem: "missing" };
    }
    const read = (name: string): unknown => this.#getProp(id, name);
    const control: Control = {
      before: read(property) ?? null,
      options: read("options"),
      multi: read("multi"),
      fullPath: read("full_path"),
      min: read("min"),
      max: read("max"),
      minDate: read("minDate"),
      maxDate: read("maxDate"),
    };
    const wanted = inFormOf(control, value);
    if (!canHave(control, wanted)) {
      return { done: false, problem: "value" };
    }
    this.#setProps(id, { [property]: wanted });
    const outcome = { done: true, before: control.before } as const;
    return JSON.stringify(outcome).length > MAX_OUTCOME_CHARS ? { done: true } : outcome;
  }

  /** Not before it was said that it is done: the chat may go with the page. */
  #navigate(path: string): Outcome {
    if (this.#getProp(ADDRESS, "id") === undefined) {
      return { done: false, problem: "missing" };
    }
    this.#later(() => this.#setProps(ADDRESS, { href: path }));
    return { done: true };
  }

  #notify(title: string, message: string): void {
    const id = `chat-notification-${(this.#notified += 1)}-${message.length}`;
    const notification = { action: "show", id, title, message, autoClose: SHOWN_MS };
    if (this.#getProp(NOTIFICATIONS, "id") !== undefined) {
      this.#setProps(NOTIFICATIONS, { sendNotifications: [notification] });
    }
  }
}
