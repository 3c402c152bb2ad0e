import { createElement } from "../view/element.js";
import { nameButton } from "../view/icon-button.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import { Menu } from "../view/menu.js";
import { createTextButton } from "../view/text-button.js";
import type { ThreadSummary } from "./kept-thread.js";

export interface ThreadItemEvents {
  open(): void;
  rename(title: string): void;
  remove(): void;
}

const MAX_TITLE_CHARS = 200;
/** Letters and signs that can be seen. */
const VISIBLE = /[^\p{C}\p{Z}]/u;

/** One conversation in the list: opened by its title, renamed in place, deleted when that was asked once more. */
export class ThreadItem {
  readonly element: HTMLLIElement;
  readonly #document: Document;
  readonly #events: ThreadItemEvents;
  readonly #row: HTMLElement;
  readonly #title: HTMLButtonElement;
  readonly #more: HTMLButtonElement;
  readonly #menu: Menu;

  constructor(document: Document, events: ThreadItemEvents) {
    this.#document = document;
    this.#events = events;
    this.element = createElement(document, "li", "chat-thread");
    this.#row = createElement(document, "div", "chat-thread-row");
    this.#title = createElement(document, "button", "chat-thread-title");
    this.#title.type = "button";
    this.#title.dir = "auto";
    this.#title.addEventListener("click", () => events.open());
    this.#more = createElement(document, "button", "chat-tool-button chat-thread-more");
    this.#more.type = "button";
    this.#more.append(createIcon(document, "menu"));
    this.#row.append(this.#title, this.#more);
    this.element.append(this.#row);
    this.#menu = new Menu(this.#more, this.#row, {
      label: labels.threads,
      listClass: "chat-thread-menu",
      itemClass: "chat-thread-menu-item",
      items: [
        { label: labels.rename, icon: "edit", isEnabled: () => true, choose: () => this.#rename() },
        { label: labels.delete, icon: "clear", isEnabled: () => true, choose: () => this.#askToDelete() },
      ],
    });
  }

  render(thread: ThreadSummary, isCurrent: boolean, isOpening: boolean): void {
    const title = VISIBLE.test(thread.title) ? thread.title : labels.untitled;
    if (title !== this.#title.textContent) {
      this.#title.textContent = title;
      nameButton(this.#more, labels.threadMenu(title));
    }
    mark(this.#title, "aria-busy", isOpening);
    mark(this.#title, "aria-current", isCurrent);
  }

  /** Whether the Tab key stops here. */
  set isStop(isStop: boolean) {
    this.#title.tabIndex = this.#more.tabIndex = isStop ? 0 : -1;
  }

  isTitle(element: EventTarget | null): boolean {
    return element === this.#title;
  }

  focus(): void {
    this.#title.focus();
  }

  destroy(): void {
    this.#menu.destroy();
    this.element.remove();
  }

  #rename(): void {
    const form = createElement(this.#document, "form", "chat-thread-form");
    const field = createElement(this.#document, "input", "chat-thread-field");
    field.value = this.#title.textContent ?? "";
    field.maxLength = MAX_TITLE_CHARS;
    field.dir = "auto";
    field.setAttribute("aria-label", labels.threadTitle);
    form.append(field);
    const end = this.#replaceRow(form);
    const save = (): void => {
      if (end()) {
        this.#events.rename(field.value.trim());
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    // Who goes on elsewhere has written what they wanted. Where the list has moved, the focus comes back at once.
    field.addEventListener("blur", () => queueMicrotask(() => this.#document.activeElement !== field && save()));
    field.select();
    field.focus();
  }

  #askToDelete(): void {
    const form = createElement(this.#document, "div", "chat-thread-form chat-thread-confirm");
    form.setAttribute("role", "group");
    const question = labels.deleteThread(this.#title.textContent ?? "");
    form.setAttribute("aria-label", question);
    const buttons = createElement(this.#document, "div", "chat-thread-choices");
    const sentence = createElement(this.#document, "span", "chat-thread-question", question);
    sentence.dir = "auto";
    const remove = createTextButton(this.#document, labels.delete, () => {
      end();
      this.#events.remove();
    });
    remove.classList.add("chat-thread-delete");
    const cancel = createTextButton(this.#document, labels.cancel, () => void end());
    buttons.append(remove, cancel);
    form.append(sentence, buttons);
    const end = this.#replaceRow(form);
    remove.focus();
  }

  /** Shows something in place of the row until it is ended, by Escape at the latest. Returns what ends it, once. */
  #replaceRow(form: HTMLElement): () => boolean {
    let isOver = false;
    const end = (): boolean => {
      if (isOver) {
        return false;
      }
      // What follows takes the focus from the form.
      isOver = true;
      const hadFocus = form.contains(this.#document.activeElement);
      this.#row.hidden = false;
      if (hadFocus) {
        this.#title.focus();
      }
      form.remove();
      return true;
    };
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        end();
      }
    });
    this.#row.hidden = true;
    this.element.append(form);
    return end;
  }
}

function mark(element: Element, attribute: string, isSet: boolean): void {
  if (isSet) {
    element.setAttribute(attribute, "true");
  } else {
    element.removeAttribute(attribute);
  }
}
