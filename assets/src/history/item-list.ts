import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import { dayGroups, type Span } from "./day-groups.js";
import type { ThreadSummary } from "./kept-thread.js";
import { ThreadItem } from "./thread-item.js";

export interface ItemListEvents {
  open(thread: string): void;
  rename(thread: string, title: string): void;
  remove(thread: string): void;
}

/** What is said of single conversations. */
export interface Marks {
  readonly current: string | null;
  readonly opening: string | null;
  readonly nowMs: number;
}

interface Group {
  readonly element: HTMLElement;
  readonly list: HTMLElement;
}

/**
 * Conversations in groups by their day. The list is one stop of the Tab key, with what can be done with that
 * conversation as the next; arrow keys go from one to the other. Elements stay as long as their conversations are shown.
 */
export class ItemList {
  readonly element: HTMLElement;
  readonly #document: Document;
  readonly #events: ItemListEvents;
  readonly #focusLost: () => void;
  readonly #groups = new Map<Span, Group>();
  /** By conversation, in the order in which they are shown. */
  #items: ReadonlyMap<string, ThreadItem> = new Map();

  /** @param focusLost nothing is left to have the focus. */
  constructor(document: Document, events: ItemListEvents, focusLost: () => void) {
    this.#document = document;
    this.#events = events;
    this.#focusLost = focusLost;
    this.element = createElement(document, "div", "chat-threads-list");
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("focusin", (event) => this.#makeStop(this.#at(event.target as Node)));
  }

  get count(): number {
    return this.#items.size;
  }

  /** Returns false when there is none. */
  focusAt(place: number): boolean {
    const item = this.#inOrder[Math.min(place, this.count - 1)];
    item?.focus();
    return item !== undefined;
  }

  render(threads: readonly ThreadSummary[], { current, opening, nowMs }: Marks): void {
    const focused = this.#document.activeElement as HTMLElement | null;
    const place = this.#inOrder.findIndex(({ element }) => element.contains(focused));
    const before = this.#items;
    const items = new Map(threads.map(({ id }) => [id, before.get(id) ?? this.#create(id)]));
    before.forEach((item, id) => !items.has(id) && item.destroy());
    this.#items = items;
    threads.forEach((thread) => items.get(thread.id)!.render(thread, thread.id === current, thread.id === opening));
    const groups = dayGroups(threads, nowMs);
    const elements = groups.map(({ span, threads: ofGroup }) => {
      const { element, list } = this.#group(span);
      arrange(
        list,
        ofGroup.map(({ id }) => items.get(id)!.element),
      );
      return element;
    });
    arrange(this.element, elements);
    this.#makeStop(this.#at(focused) ?? items.get(current ?? "") ?? this.#inOrder[0]);
    if (place !== -1 && this.#document.activeElement !== focused) {
      this.#focusAgain(focused, place);
    }
  }

  destroy(): void {
    this.#items.forEach((item) => item.destroy());
    this.element.remove();
  }

  /** What had the focus has moved, or is gone: then what stands in its place. */
  #focusAgain(focused: HTMLElement | null, place: number): void {
    if (focused?.isConnected) {
      focused.focus();
    } else if (!this.focusAt(place)) {
      this.#focusLost();
    }
  }

  get #inOrder(): readonly ThreadItem[] {
    return [...this.#items.values()];
  }

  #at(node: Node | null): ThreadItem | undefined {
    return this.#inOrder.find(({ element }) => element.contains(node));
  }

  #create(id: string): ThreadItem {
    return new ThreadItem(this.#document, {
      open: () => this.#events.open(id),
      rename: (title) => this.#events.rename(id, title),
      remove: () => this.#events.remove(id),
    });
  }

  #group(span: Span): Group {
    let group = this.#groups.get(span);
    if (!group) {
      const element = createElement(this.#document, "section", "chat-threads-group");
      const name = labels.threadSpans[span];
      const list = createElement(this.#document, "ul", "chat-threads-items");
      list.setAttribute("aria-label", name);
      element.append(createElement(this.#document, "h3", "chat-threads-span", name), list);
      group = { element, list };
      this.#groups.set(span, group);
    }
    return group;
  }

  #makeStop(stop: ThreadItem | undefined): void {
    this.#items.forEach((item) => (item.isStop = item === stop));
  }

  #onKey(event: KeyboardEvent): void {
    const items = this.#inOrder;
    const index = items.findIndex((item) => item.isTitle(event.target));
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(index + 1, items.length - 1),
      ArrowUp: Math.max(index - 1, 0),
      Home: 0,
      End: items.length - 1,
    };
    const target = targets[event.key];
    if (index !== -1 && target !== undefined) {
      event.preventDefault();
      items[target]?.focus();
    }
  }
}

/** Makes elements the children of another in their order. Those that stand right are not touched. */
function arrange(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(children);
  [...parent.children].filter((child) => !wanted.has(child)).forEach((child) => child.remove());
  children.forEach((child, index) => {
    const standing = parent.children[index] ?? null;
    if (standing !== child) {
      parent.insertBefore(child, standing);
    }
  });
}
