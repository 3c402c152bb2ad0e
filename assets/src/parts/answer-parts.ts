import { isBlankText, isStreamed } from "../protocol/content.js";
import type { MessageState, PartState } from "../state.js";
import { createElement } from "../view/element.js";
import type { PartView } from "../view/part-view.js";
import { CitationCard } from "./citation-card.js";
import { createPartView, type PartTools } from "./part-views.js";
import { SourceList } from "./source-list.js";
import { sourcesIn, type Source } from "./sources.js";

/** The parts of one answer in its bubble, the sources below them, and what is being done at the moment. */
export class AnswerParts {
  readonly #bubble: HTMLElement;
  readonly #tools: PartTools;
  /** By their places; null for those without a view. */
  readonly #views: (PartView | null)[] = [];
  readonly #waiting: HTMLElement;
  readonly #doing: HTMLElement;
  #sourceList: SourceList | null = null;
  #sources: readonly Source[] = [];
  #sourceCount = 0;
  #shown: readonly PartState[] = [];

  constructor(bubble: HTMLElement, tools: PartTools) {
    const { document } = tools;
    this.#bubble = bubble;
    this.#tools = tools;
    this.#waiting = createElement(document, "div", "chat-loading-message");
    const dots = createElement(document, "span", "chat-loading-dots");
    dots.setAttribute("aria-hidden", "true");
    for (let dot = 0; dot < 3; dot += 1) {
      dots.append(createElement(document, "span", "chat-loading-dot"));
    }
    this.#doing = createElement(document, "span", "chat-doing");
    this.#waiting.append(dots, this.#doing);
  }

  render({ parts, doing }: MessageState, isLive: boolean): void {
    parts.forEach((part, index) => {
      if (part !== this.#shown[index] || !isLive) {
        this.#view(index, part)?.update(part, isLive);
      }
    });
    for (const view of this.#views.splice(parts.length)) {
      view?.container.remove();
      view?.destroy();
    }
    this.#shown = parts;
    this.#renderSources(parts);
    const isWaiting = parts.every(({ kind, text, ended }) => isBlankText(text) || (!isStreamed(kind) && !ended));
    // What its reader has said into it is answered next.
    if (isLive && (isWaiting || doing !== "" || parts.at(-1)?.kind === "steer")) {
      if (this.#doing.textContent !== doing) {
        this.#doing.textContent = doing;
      }
      if (this.#waiting !== this.#bubble.lastChild) {
        this.#bubble.append(this.#waiting);
      }
    } else {
      this.#waiting.remove();
    }
  }

  /** Whether there is more of its text to show. */
  get isBehind(): boolean {
    return this.#views.some((view) => view?.isBehind);
  }

  /** Shows more of its text. */
  advance(): void {
    this.#views.find((view) => view?.isBehind)?.advance();
  }

  destroy(): void {
    this.#views.splice(0).forEach((view) => view?.destroy());
  }

  #view(index: number, { kind }: PartState): PartView | null {
    const existing = this.#views[index];
    if (existing !== undefined) {
      return existing;
    }
    const view = createPartView(kind, this.#tools);
    this.#views.push(view);
    if (view) {
      this.#bubble.insertBefore(view.container, this.#sourceList?.element ?? null);
    }
    return view;
  }

  #renderSources(parts: readonly PartState[]): void {
    // Each comes once and whole.
    const count = parts.filter(({ kind, ended }) => kind === "source" && ended).length;
    if (count === this.#sourceCount) {
      return;
    }
    this.#sourceCount = count;
    this.#sources = sourcesIn(parts);
    if (!this.#sourceList) {
      this.#sourceList = new SourceList(this.#tools.document);
      this.#bubble.append(this.#sourceList.element);
      new CitationCard(this.#bubble, () => this.#sources);
    }
    this.#sourceList.render(this.#sources);
  }
}
