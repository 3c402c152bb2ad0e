import { createElement } from "../view/element.js";
import { createIconButton } from "../view/icon-button.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import { createTextButton } from "../view/text-button.js";
import { ItemList } from "./item-list.js";
import type { ListState } from "./thread-list.js";

export interface HistoryPanelEvents {
  open(thread: string): void;
  rename(thread: string, title: string): void;
  remove(thread: string): void;
  search(text: string): void;
  more(): void;
  tryAgain(): void;
  newChat(): void;
  close(): void;
}

/** The list of conversations as it is seen, with what can be done about it. */
export class HistoryPanel {
  readonly element: HTMLElement;
  readonly #search: HTMLInputElement;
  readonly #items: ItemList;
  readonly #scroller: HTMLElement;
  readonly #status: HTMLElement;
  readonly #tryAgain: HTMLButtonElement;
  readonly #more: HTMLButtonElement;

  constructor(document: Document, id: string, events: HistoryPanelEvents) {
    this.element = createElement(document, "section", "chat-threads");
    this.element.id = id;
    this.element.tabIndex = -1;
    this.element.setAttribute("aria-label", labels.threads);
    const header = createElement(document, "div", "chat-threads-header");
    header.append(
      createElement(document, "h2", "chat-threads-heading", labels.threads),
      createIconButton(document, "close", labels.closeThreads, () => events.close()),
    );
    const newChat = createElement(document, "button", "chat-threads-new");
    newChat.type = "button";
    newChat.append(createIcon(document, "new-chat"), createElement(document, "span", "", labels.newChat));
    newChat.addEventListener("click", () => events.newChat());
    this.#search = createElement(document, "input", "chat-threads-search-field");
    const search = this.#createSearch(document, events);
    this.#items = new ItemList(document, events, () => this.#search.focus());
    this.#status = createElement(document, "span", "chat-threads-sentence");
    this.#status.setAttribute("role", "status");
    this.#tryAgain = createTextButton(document, labels.tryAgain, () => events.tryAgain());
    const note = createElement(document, "div", "chat-threads-note");
    note.append(this.#status, this.#tryAgain);
    this.#more = createElement(document, "button", "chat-threads-more", labels.moreThreads);
    this.#more.type = "button";
    this.#more.addEventListener("click", () => events.more());
    this.#scroller = createElement(document, "div", "chat-threads-scroller");
    this.#scroller.append(this.#items.element, this.#more);
    this.element.append(header, newChat, search, note, this.#scroller);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) {
        event.preventDefault();
        events.close();
      }
    });
  }

  #createSearch(document: Document, events: HistoryPanelEvents): HTMLElement {
    const box = createElement(document, "div", "chat-threads-search");
    const field = this.#search;
    field.type = "search";
    field.dir = "auto";
    field.placeholder = labels.searchThreads;
    field.setAttribute("aria-label", labels.searchThreads);
    field.addEventListener("input", () => events.search(field.value));
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && this.#items.focusAt(0)) {
        event.preventDefault();
      }
    });
    box.append(createIcon(document, "search"), field);
    return box;
  }

  /** As it is when it is opened. */
  begin(): void {
    this.#search.value = "";
    this.#scroller.scrollTop = 0;
  }

  focusSearch(): void {
    this.#search.focus();
  }

  render(state: ListState, current: string | null, nowMs: number): void {
    const { threads, status, hasMore } = state;
    const focused = this.element.ownerDocument.activeElement;
    const before = this.#items.count;
    this.#items.render(threads, { current, opening: state.opening, nowMs });
    this.#more.hidden = !hasMore;
    if (focused === this.#more && this.#more.hidden && !this.#items.focusAt(before)) {
      this.#search.focus();
    }
    this.element.setAttribute("aria-busy", String(status === "loading"));
    const sentence = sentenceOf(state);
    if (sentence !== this.#status.textContent) {
      this.#status.textContent = sentence;
    }
    this.#status.classList.toggle("chat-threads-problem", state.problem !== null);
    this.#tryAgain.hidden = status !== "failed";
    if (focused === this.#tryAgain && this.#tryAgain.hidden) {
      this.#search.focus();
    }
  }

  destroy(): void {
    this.#items.destroy();
    this.element.remove();
  }
}

function sentenceOf({ problem, status, threads, search }: ListState): string {
  if (problem !== null) {
    return problem;
  }
  if (status === "loading") {
    return labels.loadingThreads;
  }
  const isEmpty = status === "ready" && threads.length === 0;
  return isEmpty ? (search === "" ? labels.noThreads : labels.noThreadFound) : "";
}
