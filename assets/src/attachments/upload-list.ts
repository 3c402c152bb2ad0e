import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import { isPicture } from "./pictures.js";
import type { Upload } from "./upload-queue.js";
import { UploadChip } from "./upload-chip.js";

export interface UploadListOptions {
  readonly document: Document;
  /** Where the server has a file. */
  readonly url: (id: string) => string;
  readonly urls: Pick<typeof URL, "createObjectURL" | "revokeObjectURL">;
  readonly remove: (key: number) => void;
  readonly retry: (key: number) => void;
  /** The last file has gone, and with it the button that had the focus. */
  readonly onFocusLost: () => void;
}

interface Shown {
  readonly chip: UploadChip;
  /** That of the picture, to be given back. */
  readonly objectUrl: string | null;
}

/** The files above the text field. */
export class UploadList {
  readonly element: HTMLElement;
  readonly #options: UploadListOptions;
  readonly #shown = new Map<number, Shown>();

  constructor(options: UploadListOptions) {
    this.#options = options;
    this.element = createElement(options.document, "ul", "chat-file-preview");
    this.element.setAttribute("aria-label", labels.attachments);
  }

  render(uploads: readonly Upload[]): void {
    const keys = new Set(uploads.map(({ key }) => key));
    const gone = [...this.#shown].filter(([key]) => !keys.has(key));
    const hadFocus = gone.some(([, { chip }]) => chip.element.contains(this.#options.document.activeElement));
    gone.forEach(([key]) => this.#drop(key));
    for (const upload of uploads) {
      const isNew = !this.#shown.has(upload.key);
      const chip = this.#chip(upload);
      const hadFailed = chip.hasFailed;
      chip.render(upload);
      if (isNew || (chip.hasFailed && !hadFailed)) {
        this.#reveal(chip);
      }
    }
    if (hadFocus) {
      const last = uploads.at(-1);
      if (last) {
        this.#chip(last).focus();
      } else {
        this.#options.onFocusLost();
      }
    }
  }

  /** The list scrolls where there is little room, and what is new must be seen. */
  #reveal({ element }: UploadChip): void {
    const [list, chip] = [this.element.getBoundingClientRect(), element.getBoundingClientRect()];
    this.element.scrollTop += Math.max(0, chip.bottom - list.bottom) - Math.max(0, list.top - chip.top);
  }

  #chip(upload: Upload): UploadChip {
    const shown = this.#shown.get(upload.key);
    if (shown) {
      return shown.chip;
    }
    const { document, url, urls, remove, retry } = this.#options;
    const { key, file, ref } = upload;
    const chip = new UploadChip(document, upload, { remove: () => remove(key), retry: () => retry(key) });
    const objectUrl = file && isPicture(file.type) ? urls.createObjectURL(file) : null;
    if (objectUrl !== null) {
      chip.picture(objectUrl);
    } else if (ref && isPicture(ref.type)) {
      chip.picture(url(ref.id));
    }
    this.#shown.set(key, { chip, objectUrl });
    this.element.append(chip.element);
    return chip;
  }

  #drop(key: number): void {
    const shown = this.#shown.get(key);
    shown?.chip.element.remove();
    if (shown?.objectUrl) {
      this.#options.urls.revokeObjectURL(shown.objectUrl);
    }
    this.#shown.delete(key);
  }
}
