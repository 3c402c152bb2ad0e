import { createElement } from "./element.js";

/** Few enough to be laid out at once when they come into sight, and enough that a long conversation is a few groups. */
const SIZE = 8;
/** The class of groups that the browser need not lay out while they are out of sight. */
const EARLY = "chat-message-group-early";

export interface GroupedMessage {
  readonly element: HTMLElement;
  /** Pixels, roughly. */
  readonly height: number;
  /** Whether it may be part of what is not laid out. */
  readonly isEarly: boolean;
}

/**
 * The messages of a conversation in the scrolling element, in groups: what the browser does for each element that is
 * somewhere on the page, at each frame, it does for a group that is out of sight only once.
 *
 * Its place alone says in which group a message is, so that none is ever moved: that would lose what is selected in it
 * and scroll back what is scrolled.
 */
export class MessageGroups {
  readonly #scroller: HTMLElement;
  readonly #groups: HTMLElement[] = [];

  constructor(scroller: HTMLElement) {
    this.#scroller = scroller;
  }

  /** Shows these messages in this order; others have to be gone. */
  place(messages: readonly GroupedMessage[]): void {
    const count = Math.ceil(messages.length / SIZE);
    for (let index = 0; index < count; index += 1) {
      fill(this.#groups[index] ?? this.#addGroup(), messages.slice(index * SIZE, (index + 1) * SIZE));
    }
    this.#groups.splice(count).forEach((group) => group.remove());
  }

  #addGroup(): HTMLElement {
    const group = createElement(this.#scroller.ownerDocument, "div", "chat-message-group");
    const last = this.#groups.at(-1);
    // Before what stands at the end, which are no messages.
    this.#scroller.insertBefore(group, last ? last.nextSibling : this.#scroller.firstChild);
    this.#groups.push(group);
    return group;
  }
}

function fill(group: HTMLElement, messages: readonly GroupedMessage[]): void {
  let next = group.firstChild;
  for (const { element } of messages) {
    if (element === next) {
      next = next.nextSibling;
    } else {
      group.insertBefore(element, next);
    }
  }
  const isEarly = messages.length === SIZE && messages.every((message) => message.isEarly);
  if (isEarly !== group.classList.contains(EARLY)) {
    group.classList.toggle(EARLY, isEarly);
    const height = messages.reduce((sum, message) => sum + message.height, 0);
    group.style.setProperty("--chat-group-height", `${height}px`);
  }
}
