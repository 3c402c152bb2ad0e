import { createIcon, type IconName } from "../view/icons";
import { nameButton } from "../view/icon-button";
import { labels } from "../view/labels";
import { part } from "../view/page-part";
import type { PopupMemory } from "./popup-memory";
import { ResizeCorner } from "./resize-corner";

/** The attribute that marks a popup, written in Python. It says where the popup keeps its state. */
export const POPUP_ATTRIBUTE = "data-vizro-ws-chat-popup";

const OPEN_CLASS = "chat-popup-panel-open";

/**
 * A chat in a panel that a button opens and closes. It is a dialog beside the page, not in front of it: the page stays
 * in use, and the focus goes where it is moved.
 */
export class Popup {
  readonly #memory: PopupMemory;
  readonly #panel: HTMLElement;
  readonly #toggle: HTMLElement;
  readonly #listeners: AbortController;
  readonly #hasKeyboard: () => boolean;

  /** @param hasKeyboard whether a field can have the focus without a keyboard coming up over the screen. */
  constructor(root: HTMLElement, memory: PopupMemory, hasKeyboard: () => boolean) {
    this.#memory = memory;
    this.#hasKeyboard = hasKeyboard;
    this.#panel = part(root, "popup-panel");
    this.#toggle = part(root, "popup-toggle");
    this.#listeners = new root.ownerDocument.defaultView!.AbortController();
    const { signal } = this.#listeners;
    const close = part(root, "popup-close");

    show(this.#toggle, "chat");
    show(close, "close");
    nameButton(close, labels.closePopup);
    const corner = new ResizeCorner(this.#panel, part(root, "popup-resize"), signal, (size) => (memory.size = size));
    if (memory.size) {
      corner.set(memory.size);
    }
    this.#toggle.addEventListener("click", () => (memory.isOpen ? this.#close() : this.#open()), { signal });
    close.addEventListener("click", () => this.#close(), { signal });
    root.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#render();
  }

  destroy(): void {
    this.#listeners.abort();
  }

  #open(): void {
    this.#memory.isOpen = true;
    this.#render();
    const field = this.#hasKeyboard() ? this.#panel.querySelector<HTMLElement>(".chat-input") : null;
    (field ?? this.#panel).focus();
  }

  #close(): void {
    this.#memory.isOpen = false;
    this.#render();
    this.#toggle.focus();
  }

  /** Escape closes what nobody nearer has used it for: the chat ends an answer with it, a menu or an editor closes. */
  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && this.#memory.isOpen) {
      event.preventDefault();
      this.#close();
    }
  }

  #render(): void {
    const { isOpen } = this.#memory;
    this.#panel.classList.toggle(OPEN_CLASS, isOpen);
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
  }
}

function show(button: HTMLElement, icon: IconName): void {
  button.replaceChildren(createIcon(button.ownerDocument, icon));
}
