import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import type { PartView } from "../view/part-view.js";

/** Stands in place of a part that could not be shown. */
export class ProblemPart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;

  constructor(document: Document) {
    this.container = createElement(document, "div", "chat-part-problem");
  }

  update({ text, ended }: PartState): void {
    if (ended) {
      const { ref } = JSON.parse(text) as { readonly ref: string };
      this.container.textContent = `${labels.partProblem} ${labels.reference(ref)}`;
    }
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    // Nothing but its element.
  }
}
