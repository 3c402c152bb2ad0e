import { createElement } from "../view/element.js";
import { createIcon } from "../view/icons.js";

/** A file as it is shown, in the composer and in the conversation: a picture, a name and a line about it. */
export class FileChip {
  readonly element: HTMLElement;
  readonly #about: HTMLElement;
  #picture: Element;

  constructor(document: Document, tag: "li" | "a" | "span", name: string) {
    this.element = createElement(document, tag, "chat-file-chip");
    this.#picture = createElement(document, "span", "chat-file-chip-thumb chat-file-chip-thumb-icon");
    this.#picture.append(createIcon(document, "file"));
    const text = createElement(document, "span", "chat-file-chip-text");
    const title = createElement(document, "span", "chat-file-chip-title", name);
    title.title = name;
    title.dir = "auto";
    this.#about = createElement(document, "span", "chat-file-chip-subtitle");
    text.append(title, this.#about);
    this.element.append(this.#picture, text);
  }

  tell(about: string): void {
    if (this.#about.textContent !== about) {
      this.#about.textContent = about;
    }
  }

  /** Shows an image; what can't be shown, or not any more, stays an icon. */
  picture(url: string, onBroken: () => void = () => {}): void {
    const icon = this.#picture;
    const image = createElement(this.element.ownerDocument, "img", "chat-file-chip-thumb");
    // The name stands beside it.
    image.alt = "";
    image.decoding = "async";
    image.addEventListener("error", () => {
      image.replaceWith(icon);
      onBroken();
    });
    image.src = url;
    icon.replaceWith(image);
    this.#picture = image;
  }
}
