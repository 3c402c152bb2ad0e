import { createElement } from "../view/element.js";
import { nameButton } from "../view/icon-button.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";

/** The button that lets the user choose files. */
export class AttachButton {
  readonly #button: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #listeners: AbortController;

  /** @param accept as in HTML. */
  constructor(button: HTMLElement, accept: string, add: (files: readonly File[]) => void) {
    const document = button.ownerDocument;
    this.#button = button;
    this.#listeners = new (document.defaultView!.AbortController)();
    const { signal } = this.#listeners;
    this.#input = createElement(document, "input", "chat-file-input");
    this.#input.type = "file";
    this.#input.multiple = true;
    this.#input.accept = accept;
    this.#input.hidden = true;
    this.#input.addEventListener("change", () => {
      const files = [...(this.#input.files ?? [])];
      // The same file can be chosen again.
      this.#input.value = "";
      add(files);
    });
    button.append(createIcon(document, "attach"));
    button.after(this.#input);
    nameButton(button, labels.attach);
    button.addEventListener("click", () => this.#input.click(), { signal });
  }

  destroy(): void {
    this.#listeners.abort();
    this.#button.replaceChildren();
    this.#input.remove();
  }
}
