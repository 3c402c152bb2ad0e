import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";

/** Where something in an answer comes from, as the server writes it. */
export interface Source {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly snippet: string | null;
}

/** Returns the sources among the parts of an answer. */
export function sourcesIn(parts: readonly PartState[]): Source[] {
  return parts
    .filter(({ kind, ended }) => kind === "source" && ended)
    .map(({ text }) => JSON.parse(text) as Source)
    .filter(({ url }) => isWeb(url));
}

/** What Python takes for an address may be none for a browser. */
function isWeb(url: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

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
