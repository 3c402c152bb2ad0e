import { createElement } from "../view/element.js";
import type { Source } from "./sources.js";

/** What the text of a link to a source is. */
const MARK = /^\[\d+\]$/;
const GAP_PX = 6;
let cards = 0;

/** Shows what a source is beside its number in the text, while the pointer or the focus is there. */
export class CitationCard {
  readonly #bubble: HTMLElement;
  readonly #sources: () => readonly Source[];
  #card: HTMLElement | null = null;
  #link: HTMLAnchorElement | null = null;

  /** @param bubble the answer, in which the card appears. @param sources those of the answer, as it is now. */
  constructor(bubble: HTMLElement, sources: () => readonly Source[]) {
    this.#bubble = bubble;
    this.#sources = sources;
    bubble.addEventListener("pointerover", (event) => this.#over(event.target));
    bubble.addEventListener("focusin", (event) => this.#over(event.target));
    bubble.addEventListener("focusout", () => this.#hide());
    bubble.addEventListener("pointerleave", () => this.#left());
  }

  #over(target: EventTarget | null): void {
    const element = target as Element;
    if (this.#card?.contains(element)) {
      return;
    }
    const link = element.closest<HTMLAnchorElement>("a[href]");
    if (link === this.#link) {
      return;
    }
    const source = link && MARK.test(link.textContent) ? this.#sources().find(({ url }) => isSame(url, link.href)) : undefined;
    if (link && source) {
      this.#hide();
      this.#show(link, source);
    } else {
      this.#left();
    }
  }

  /** The pointer is not there any more; the focus may be. */
  #left(): void {
    if (this.#link !== this.#bubble.ownerDocument.activeElement) {
      this.#hide();
    }
  }

  #show(link: HTMLAnchorElement, { title, url, snippet }: Source): void {
    const document = this.#bubble.ownerDocument;
    const card = createElement(document, "div", "chat-citation-card");
    card.setAttribute("role", "tooltip");
    card.id = `chat-citation-card-${(cards += 1)}`;
    card.append(
      createElement(document, "div", "chat-citation-title", title),
      createElement(document, "div", "chat-source-host", new URL(url).hostname),
      ...(snippet === null ? [] : [createElement(document, "div", "chat-citation-snippet", snippet)]),
    );
    card.dir = "auto";
    this.#bubble.append(card);
    const place = this.#bubble.getBoundingClientRect();
    const mark = link.getBoundingClientRect();
    const left = Math.min(Math.max(mark.left - place.left, 0), Math.max(place.width - card.offsetWidth, 0));
    card.style.left = `${left}px`;
    card.style.top = `${mark.bottom - place.top + GAP_PX}px`;
    link.setAttribute("aria-describedby", card.id);
    document.addEventListener("keydown", this.#onKey, { capture: true });
    this.#card = card;
    this.#link = link;
  }

  #hide(): void {
    this.#link?.removeAttribute("aria-describedby");
    this.#card?.remove();
    this.#bubble.ownerDocument.removeEventListener("keydown", this.#onKey, { capture: true });
    this.#card = this.#link = null;
  }

  /** What covers something must be easy to be got rid of (WCAG 2.2, 1.4.13), wherever the focus is. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.#card?.isConnected) {
      this.#hide();
    } else if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      this.#hide();
    }
  };
}

function isSame(url: string, href: string): boolean {
  try {
    return new URL(url).href === href;
  } catch {
    return false;
  }
}
