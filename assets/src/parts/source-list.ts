import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import type { Source } from "./sources.js";

/** The sources of an answer, below it. */
export class SourceList {
  readonly element: HTMLElement;
  readonly #list: HTMLOListElement;

  constructor(document: Document) {
    this.element = createElement(document, "section", "chat-sources");
    const title = createElement(document, "div", "chat-sources-title", labels.sources);
    this.#list = createElement(document, "ol", "chat-sources-list");
    this.#list.setAttribute("aria-label", labels.sources);
    this.element.append(title, this.#list);
  }

  /** @param sources only ever more of them. */
  render(sources: readonly Source[]): void {
    for (const source of sources.slice(this.#list.childElementCount)) {
      this.#list.append(this.#item(source));
    }
  }

  #item({ number, url, title }: Source): HTMLElement {
    const document = this.element.ownerDocument;
    const item = createElement(document, "li", "chat-source");
    item.value = number;
    const link = createElement(document, "a", "chat-source-link", title);
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.dir = "auto";
    item.append(link, createElement(document, "span", "chat-source-host", new URL(url).hostname));
    return item;
  }
}
