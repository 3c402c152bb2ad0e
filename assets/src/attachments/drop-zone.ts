import { createElement } from "../view/element.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import { bringsFiles, filesOf, foldersOf } from "./transferred-files.js";

/** Takes files that are dropped anywhere on the chat, and shows that it does while they are dragged over it. */
export class DropZone {
  readonly #root: HTMLElement;
  readonly #overlay: HTMLElement;
  readonly #add: (files: readonly File[], folders: readonly string[]) => void;
  readonly #listeners: AbortController;

  constructor(root: HTMLElement, add: (files: readonly File[], folders: readonly string[]) => void) {
    const document = root.ownerDocument;
    this.#root = root;
    this.#add = add;
    this.#listeners = new (document.defaultView!.AbortController)();
    this.#overlay = createElement(document, "div", "chat-drop-overlay");
    // Who can't see it drags nothing.
    this.#overlay.setAttribute("aria-hidden", "true");
    this.#overlay.append(createIcon(document, "attach"), createElement(document, "span", "", labels.dropHere));
    const { signal } = this.#listeners;
    root.addEventListener("dragenter", (event) => this.#onDrag(event), { signal });
    root.addEventListener("dragover", (event) => this.#onDrag(event), { signal });
    root.addEventListener("dragleave", (event) => this.#onLeave(event), { signal });
    root.addEventListener("drop", (event) => this.#onDrop(event), { signal });
  }

  destroy(): void {
    this.#listeners.abort();
    this.#overlay.remove();
  }

  #onDrag(event: DragEvent): void {
    if (bringsFiles(event.dataTransfer)) {
      event.preventDefault();
      event.dataTransfer!.dropEffect = "copy";
      if (!this.#overlay.isConnected) {
        this.#root.append(this.#overlay);
      }
    }
  }

  #onLeave(event: DragEvent): void {
    // Also told when it goes on to another element of the chat.
    if (!this.#root.contains(event.relatedTarget as Node | null)) {
      this.#overlay.remove();
    }
  }

  #onDrop(event: DragEvent): void {
    this.#overlay.remove();
    if (bringsFiles(event.dataTransfer)) {
      event.preventDefault();
      this.#add(filesOf(event.dataTransfer), foldersOf(event.dataTransfer));
    }
  }
}
