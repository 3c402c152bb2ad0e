import { GradualMarkdown } from "../markdown/gradual-markdown.js";
import type { MarkdownRenderer } from "../markdown/markdown-view.js";
import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import type { PartView } from "../view/part-view.js";

/** What was thought before the answer: folded, and rendered from when somebody looks at it. */
export class ReasoningPart implements PartView {
  readonly container: HTMLDetailsElement;
  readonly #summary: HTMLElement;
  readonly #markdown: GradualMarkdown;
  #part: PartState | null = null;
  #isEnded = false;

  constructor(document: Document, renderer: MarkdownRenderer) {
    this.container = createElement(document, "details", "chat-reasoning");
    this.#summary = createElement(document, "summary", "chat-step-summary");
    const text = createElement(document, "div", "chat-reasoning-text assistant-markdown");
    this.#markdown = new GradualMarkdown(text, renderer);
    this.container.append(this.#summary, text);
    this.container.addEventListener("toggle", () => this.#render());
  }

  get isBehind(): boolean {
    return this.container.open && this.#markdown.isBehind;
  }

  update(part: PartState, isLive: boolean): void {
    this.#part = part;
    this.#isEnded = part.ended || !isLive;
    this.container.toggleAttribute("data-live", !this.#isEnded);
    const text = this.#isEnded ? labels.thought(part.ms) : labels.thinking;
    if (this.#summary.textContent !== text) {
      this.#summary.textContent = text;
    }
    this.#render();
  }

  advance(): void {
    this.#markdown.advance();
  }

  destroy(): void {
    // Nothing but its element.
  }

  #render(): void {
    if (this.container.open && this.#part) {
      this.#markdown.update(this.#part.text, this.#isEnded);
      if (this.#isEnded) {
        while (this.#markdown.isBehind) {
          this.#markdown.advance();
        }
      }
    }
  }
}
