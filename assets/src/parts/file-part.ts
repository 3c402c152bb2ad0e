import type { MessageFiles } from "../attachments/message-files.js";
import type { FileRef } from "../protocol/frames.js";
import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import type { PartView } from "../view/part-view.js";

/** A file that an answer gives to its reader. */
export class FilePart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;
  readonly #files: Pick<MessageFiles, "place">;

  constructor(document: Document, files: Pick<MessageFiles, "place">) {
    this.container = createElement(document, "div", "chat-answer-file");
    this.#files = files;
  }

  update({ text, ended }: PartState): void {
    if (ended && !this.container.hasChildNodes()) {
      this.#files.place(JSON.parse(text) as FileRef, this.container);
    }
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    // Nothing but its element.
  }
}
