import { createElement } from "./element.js";
import { createIcon, type IconName } from "./icons.js";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName | null;
  /** Whether there is anything to choose just now. */
  isEnabled(): boolean;
  choose(): void;
}

export interface MenuOptions {
  readonly label: string;
  /** Class names of the list and of its items. */
  readonly listClass: string;
  readonly itemClass: string;
  readonly items: readonly MenuItem[];
}

/** A list that a button opens: by pointer, by keyboard, and closed by whatever happens elsewhere. */
export class Menu {
  readonly #button: HTMLElement;
  readonly #place: HTMLElement;
  readonly #options: MenuOptions;
  readonly #document: Document;
  readonly #listeners: AbortController;
  #list: HTMLElement | null = null;

  /** @param place where the list is put while it is open. */
  constructor(button: HTMLElement, place: HTMLElement, options: MenuOptions) {
    this.#button = button;
    this.#place = place;
    this.#options = options;
    this.#document = button.ownerDocument;
    this.#listeners = new this.#document.defaultView!.AbortController();
    const { signal } = this.#listeners;
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => this.#toggle(), { signal });
    button.addEventListener("keydown", (event) => this.#onButtonKey(event), { signal });
    this.#document.addEventListener("pointerdown", (event) => this.#onPointer(event), { signal });
  }

  destroy(): void {
    this.#close();
    this.#listeners.abort();
  }

  #toggle(): void {
    if (this.#list) {
      this.#close();
    } else {
      this.#open().at(0)?.focus();
    }
  }

  #open(): HTMLButtonElement[] {
    const { label, listClass, items } = this.#options;
    const list = createElement(this.#document, "div", `chat-menu ${listClass}`);
    list.setAttribute("role", "menu");
    list.setAttribute("aria-label", label);
    list.append(...items.map((item) => this.#createItem(item)));
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("focusout", (event) => this.#onFocusOut(event));
    this.#list?.remove();
    this.#list = list;
    this.#place.append(list);
    this.#button.setAttribute("aria-expanded", "true");
    return this.#enabled();
  }

  #createItem(item: MenuItem): HTMLButtonElement {
    const element = createElement(this.#document, "button", `chat-menu-item ${this.#options.itemClass}`);
    element.type = "button";
    element.tabIndex = -1;
    element.disabled = !item.isEnabled();
    element.setAttribute("role", "menuitem");
    if (item.icon) {
      element.append(createIcon(this.#document, item.icon));
    }
    element.append(createElement(this.#document, "span", "chat-menu-label", item.label));
    element.addEventListener("click", () => {
      this.#button.focus({ preventScroll: true });
      this.#close();
      item.choose();
    });
    return element;
  }

  #close(): void {
    // Before it is removed, or the loss of its focus would come back here.
    const list = this.#list;
    this.#list = null;
    list?.remove();
    this.#button.setAttribute("aria-expanded", "false");
  }

  #enabled(): HTMLButtonElement[] {
    return [...(this.#list?.querySelectorAll<HTMLButtonElement>("button:enabled") ?? [])];
  }

  #onButtonKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#open().at(event.key === "ArrowDown" ? 0 : -1)?.focus();
    } else if (event.key === "Escape" && this.#list) {
      // The focus stays on the button when nothing in the list can be chosen.
      event.preventDefault();
      this.#close();
    }
  }

  #onKey(event: KeyboardEvent): void {
    const items = this.#enabled();
    const index = items.findIndex((item) => item === this.#document.activeElement);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: (index + 1) % items.length,
      ArrowUp: index - 1,
      Home: 0,
      End: -1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      items.at(target)?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.#button.focus({ preventScroll: true });
      this.#close();
    } else if (event.key === "Tab") {
      // The browser goes on from the button.
      this.#button.focus({ preventScroll: true });
      this.#close();
    }
  }

  #onFocusOut({ relatedTarget }: FocusEvent): void {
    if (relatedTarget && this.#list && !this.#isWithin(relatedTarget as Node)) {
      this.#close();
    }
  }

  #onPointer({ target }: Event): void {
    if (this.#list && !this.#isWithin(target as Node)) {
      this.#close();
    }
  }

  #isWithin(node: Node): boolean {
    return this.#list?.contains(node) === true || this.#button.contains(node);
  }
}
