import { JSDOM } from "jsdom";
import { Popup } from "../../src/popup/popup";
import { PopupMemory } from "../../src/popup/popup-memory";
import { Draft } from "../../src/view/draft";
import type { MemoryStorage } from "../doubles/memory-storage";

/** A page with a popup, as Python writes it. */
export class PopupPage {
  readonly #dom = new JSDOM(`
    <button id="outside"></button><div id="other" inert></div>
    <div id="root">
      <div class="chat-popup-panel" data-chat-part="popup-panel" tabindex="-1">
        <button data-chat-part="popup-close"></button>
        <textarea class="chat-input"></textarea>
        <button data-chat-part="popup-resize"></button>
      </div>
      <button data-chat-part="popup-toggle"></button>
    </div>`);
  readonly document = this.#dom.window.document;
  hasKeyboard = true;
  isSmall = false;
  readonly #resized = new Set<() => void>();

  constructor(readonly storage: MemoryStorage) {}

  show(): Popup {
    return this.#show("#root", "popup");
  }

  /** Puts a second popup on the page. */
  addAnother(): void {
    const another = this.document.querySelector("#root")!.cloneNode(true) as HTMLElement;
    another.id = "another";
    this.document.body.append(another);
  }

  showAnother(): Popup {
    return this.#show("#another", "another");
  }

  #show(root: string, name: string): Popup {
    const memory = new PopupMemory(new Draft(() => this.storage, name));
    const page = this;
    return new Popup(this.document.querySelector<HTMLElement>(root)!, memory, {
      hasKeyboard: () => this.hasKeyboard,
      isSmall: {
        get matches() {
          return page.isSmall;
        },
        addEventListener: (_type, listener) => void this.#resized.add(listener),
      },
    });
  }

  resize(isSmall: boolean): void {
    this.isSmall = isSmall;
    this.#resized.forEach((listener) => listener());
  }

  /** Whether something can be reached. */
  isInert(element: Element): boolean {
    return element.closest("[inert]") !== null;
  }

  part(name: string): HTMLElement {
    return this.document.querySelector<HTMLElement>(`[data-chat-part="popup-${name}"]`)!;
  }

  get field(): HTMLElement {
    return this.document.querySelector<HTMLElement>(".chat-input")!;
  }

  get isOpen(): boolean {
    const isOpen = this.part("panel").classList.contains("chat-popup-panel-open");
    if (this.part("toggle").getAttribute("aria-expanded") !== String(isOpen)) {
      throw new Error("The button says something else than the panel.");
    }
    return isOpen;
  }

  /** @returns whether the key did something. */
  press(key: string, target: HTMLElement, options: KeyboardEventInit = {}): boolean {
    const { KeyboardEvent } = this.#dom.window;
    return !target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
  }

  pointer(type: string, target: HTMLElement, clientX = 0, clientY = 0): void {
    const event = new this.#dom.window.MouseEvent(type, { bubbles: true, clientX, clientY, button: 0 });
    target.dispatchEvent(Object.assign(event, { pointerId: 1 }));
  }
}
