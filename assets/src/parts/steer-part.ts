import type { PartState } from "../state.js";
import { steerOf } from "../thread/waiting-messages.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import type { PartView } from "../view/part-view.js";

/** What its reader has said into an answer, where the answer has taken it. */
export class SteerPart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;
  readonly #said: HTMLElement;

  constructor(document: Document) {
    this.container = createElement(document, "div", "chat-steer");
    this.#said = createElement(document, "div", "chat-steer-text");
    this.#said.dir = "auto";
    this.container.append(createElement(document, "span", "chat-visually-hidden", `${labels.you}: `), this.#said);
  }

  update(part: PartState): void {
    if (part.ended) {
      this.#said.textContent = steerOf(part).text;
    }
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    // Nothing but its element.
  }
}
