import { createIcon, type IconName } from "../view/icons";
import { nameButton } from "../view/icon-button";
import { labels } from "../view/labels";
import { part } from "../view/page-part";
import { CoveredPage } from "./covered-page";
import type { PopupMemory } from "./popup-memory";
import { ResizeCorner } from "./resize-corner";

/** The attribute that marks a popup, written in Python. It says where the popup keeps its state. */
export const POPUP_ATTRIBUTE = "data-vizro-ws-chat-popup";

/** Where the panel covers the whole screen: the same as in the style sheet. */
export const SMALL_SCREEN = "(width <= 576px), (height <= 480px)";

const OPEN_CLASS = "chat-popup-panel-open";

/** As much of a `MediaQueryList` as a popup needs. */
export interface ScreenSize {
  readonly matches: boolean;
  addEventListener(type: "change", listener: () => void, options: { signal: AbortSignal }): void;
}

/** What a popup asks of the window. */
export interface PopupWindow {
  /** Whether a field can have the focus without a keyboard coming up over the screen. */
  hasKeyboard(): boolean;
  /** Whether an open panel covers the whole screen, as the style sheet decides. */
  readonly isSmall: ScreenSize;
}

/**
 * A chat in a panel that a button opens and closes. It is a dialog beside the page, not in front of it: the page stays
 * in use, and the focus goes where it is moved. On a small screen it covers the page, and is modal.
 */
export class Popup {
  readonly #memory: PopupMemory;
  readonly #panel: HTMLElement;
  readonly #toggle: HTMLElement;
  readonly #listeners: AbortController;
  readonly #window: PopupWindow;
  readonly #page: CoveredPage;
  static readonly #all = new Set<Popup>();

  constructor(root: HTMLElement, memory: PopupMemory, window: PopupWindow) {
    this.#memory = memory;
    this.#window = window;
    this.#panel = part(root, "popup-panel");
    this.#page = new CoveredPage(this.#panel);
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
    window.isSmall.addEventListener("change", () => this.#render(), { signal });
    Popup.#all.add(this);
    this.#render();
  }

  destroy(): void {
    Popup.#all.delete(this);
    this.#listeners.abort();
    this.#page.uncover();
  }

  #open(): void {
    this.#memory.isOpen = true;
    this.#render();
    const field = this.#window.hasKeyboard() ? this.#panel.querySelector<HTMLElement>(".chat-input") : null;
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
    if (isOpen && this.#window.isSmall.matches) {
      this.#closeOthers();
      this.#panel.setAttribute("aria-modal", "true");
      this.#page.cover();
    } else {
      this.#panel.removeAttribute("aria-modal");
      this.#page.uncover();
    }
  }

  /** Only one can cover the page: each would keep the other out of reach. */
  #closeOthers(): void {
    for (const other of Popup.#all) {
      if (other !== this && other.#memory.isOpen && other.#panel.ownerDocument === this.#panel.ownerDocument) {
        other.#memory.isOpen = false;
        other.#render();
      }
    }
  }
}

function show(button: HTMLElement, icon: IconName): void {
  button.replaceChildren(createIcon(button.ownerDocument, icon));
}
