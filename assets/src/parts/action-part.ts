import type { PageAction } from "../dashboard/page-action.js";
import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import type { PartView } from "../view/part-view.js";
import { describeAction } from "./describe-action.js";

/** Something that an answer has done on the dashboard, with a way to undo it. */
export class ActionPart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;
  readonly #document: Document;
  readonly #undo: (part: PartState) => void;
  readonly #onFocusLost: () => void;
  #shown = "";
  #part: PartState | null = null;

  constructor(document: Document, undo: (part: PartState) => void, onFocusLost: () => void) {
    this.#document = document;
    this.#undo = undo;
    this.#onFocusLost = onFocusLost;
    this.container = createElement(document, "div", "chat-action");
  }

  update(part: PartState, isLive: boolean): void {
    // Also of one that looks the same: a replay makes all parts anew.
    this.#part = part;
    const shown = `${isLive} ${part.isUndone === true} ${part.text}`;
    if (!part.ended || shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const action = JSON.parse(part.text) as PageAction;
    const isOver = action.state !== "open" || !isLive;
    const state = part.isUndone ? "undone" : action.state === "open" && isOver ? "failed" : action.state;
    const hadFocus = this.container.contains(this.#document.activeElement);
    this.container.dataset["state"] = state;
    this.container.replaceChildren(
      createIcon(this.#document, state === "done" ? "check" : state === "failed" ? "failed" : "tool"),
      createElement(this.#document, "span", "chat-action-text", describeAction(action)),
      ...this.#rest(action, state),
    );
    if (hadFocus) {
      this.#onFocusLost();
    }
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    // Nothing but its element.
  }

  #rest(action: PageAction, state: string): HTMLElement[] {
    if (state === "undone" || state === "failed") {
      const said = state === "undone" ? labels.undone : labels.actionProblem[action.problem ?? ""] ?? labels.notDone;
      return [createElement(this.#document, "span", "chat-tool-state", said)];
    }
    if (state !== "done" || action.do !== "set" || !("before" in action)) {
      return [];
    }
    const button = createElement(this.#document, "button", "chat-form-button chat-action-undo", labels.undo);
    button.type = "button";
    button.setAttribute("aria-label", `${labels.undo}: ${describeAction(action)}`);
    button.addEventListener("click", () => this.#part && this.#undo(this.#part));
    return [button];
  }
}
