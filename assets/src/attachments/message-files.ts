import type { FileRef } from "../protocol/frames.js";
import type { MessageState } from "../state.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import { FileChip } from "./file-chip.js";
import { isPicture } from "./pictures.js";
import { fileText } from "./size-text.js";

/** The files of messages in the conversation. */
export class MessageFiles {
  readonly #document: Document;
  readonly #url: (id: string) => string;
  readonly #isExpired: (createdMs: number) => boolean;
  readonly #isGone: (url: string) => Promise<boolean>;

  /**
   * @param url where the server has a file.
   * @param isExpired whether the server no longer has the files of a message of that time.
   * @param isGone whether it says that it no longer has one.
   */
  constructor(
    document: Document,
    url: (id: string) => string,
    isExpired: (createdMs: number) => boolean,
    isGone: (url: string) => Promise<boolean>,
  ) {
    this.#document = document;
    this.#url = url;
    this.#isExpired = isExpired;
    this.#isGone = isGone;
  }

  /** The files of one message; null when it has none. */
  create({ attachments, createdMs }: Pick<MessageState, "attachments" | "createdMs">): HTMLElement | null {
    if (attachments.length === 0) {
      return null;
    }
    const list = createElement(this.#document, "ul", "chat-user-attachments");
    list.setAttribute("aria-label", labels.attachments);
    const isExpired = this.#isExpired(createdMs);
    list.append(...attachments.map((ref) => this.#item(ref, isExpired)));
    return list;
  }

  /** Shows a file in an element. */
  place(ref: FileRef, place: HTMLElement): void {
    place.append(this.#link(ref, place));
  }

  #item(ref: FileRef, isExpired: boolean): HTMLElement {
    const item = createElement(this.#document, "li", "chat-user-attachment");
    item.append(isExpired ? this.#name(ref) : this.#link(ref, item));
    return item;
  }

  #name({ name, size }: FileRef): HTMLElement {
    const chip = new FileChip(this.#document, "span", name);
    chip.tell(`${fileText(name, size)} · ${labels.fileGone}`);
    return chip.element;
  }

  #link(ref: FileRef, item: HTMLElement): HTMLElement {
    const { id, name, size, type } = ref;
    const chip = new FileChip(this.#document, "a", name);
    const link = chip.element as HTMLAnchorElement;
    const url = this.#url(id);
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    chip.tell(fileText(name, size));
    if (isPicture(type)) {
      chip.picture(url, () => void this.#look(ref, item));
    }
    return link;
  }

  /** A picture that is not shown may be none, or have been on its way when the connection was lost. */
  async #look(ref: FileRef, item: HTMLElement): Promise<void> {
    if (await this.#isGone(this.#url(ref.id))) {
      item.replaceChildren(this.#name(ref));
    }
  }
}
