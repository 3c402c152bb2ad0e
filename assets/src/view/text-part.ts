import { GradualMarkdown } from "../markdown/gradual-markdown.js";
import type { MarkdownRenderer } from "../markdown/markdown-view.js";
import type { PartState } from "../state.js";
import { createElement } from "./element.js";
import type { PartView } from "./part-view.js";

/** A text in an answer. */
export class TextPart implements PartView {
  readonly container: HTMLElement;
  readonly #markdown: GradualMarkdown;

  constructor(document: Document, renderer: MarkdownRenderer) {
    this.container = createElement(document, "div", "assistant-markdown");
    this.#markdown = new GradualMarkdown(this.container, renderer);
  }

  /** The element of a text that is complete, with all of it shown. */
  static whole(document: Document, renderer: MarkdownRenderer, text: string): HTMLElement {
    const part = new TextPart(document, renderer);
    part.update({ kind: "text", text, ended: true }, false);
    while (part.isBehind) {
      part.advance();
    }
    return part.container;
  }

  get isBehind(): boolean {
    return this.#markdown.isBehind;
  }

  update({ text, ended }: PartState, isLive: boolean): void {
    this.#markdown.update(text, ended || !isLive);
  }

  advance(): void {
    this.#markdown.advance();
  }

  destroy(): void {
    // Nothing but its element.
  }
}
