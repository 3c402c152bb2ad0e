import { createElement } from "../view/element.js";
import { createIconButton } from "../view/icon-button.js";
import { labels } from "../view/labels.js";
import { FileChip } from "./file-chip.js";
import { fileText } from "./size-text.js";
import type { Upload } from "./upload-queue.js";

export interface UploadChipEvents {
  remove(): void;
  retry(): void;
}

/** A file in the composer, on its way or there. */
export class UploadChip {
  readonly element: HTMLElement;
  readonly #chip: FileChip;
  readonly #bar: HTMLElement;
  readonly #retry: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  #upload: Upload | null = null;

  constructor(document: Document, { name }: Upload, events: UploadChipEvents) {
    this.#chip = new FileChip(document, "li", name);
    this.element = this.#chip.element;
    this.#bar = createElement(document, "span", "chat-file-chip-progress");
    this.#bar.setAttribute("role", "progressbar");
    this.#bar.setAttribute("aria-label", name);
    this.#retry = createIconButton(document, "regenerate", labels.retryFile(name), () => events.retry());
    this.#remove = createIconButton(document, "close", labels.removeFile(name), () => events.remove());
    this.#remove.classList.add("chat-file-chip-remove");
    this.element.append(this.#bar, this.#retry, this.#remove);
  }

  get hasFailed(): boolean {
    return this.#upload?.status === "failed";
  }

  picture(url: string): void {
    this.#chip.picture(url);
  }

  focus(): void {
    this.#remove.focus({ preventScroll: true });
  }

  render(upload: Upload): void {
    if (upload === this.#upload) {
      return;
    }
    this.#upload = upload;
    const { status, progress, failure, name, size } = upload;
    const isRunning = status === "waiting" || status === "uploading";
    const percent = Math.floor(progress * 100);
    this.element.dataset["status"] = status;
    this.element.classList.toggle("chat-file-chip-uploading", isRunning);
    this.#bar.hidden = !isRunning;
    this.#bar.setAttribute("aria-valuenow", String(percent));
    this.#bar.style.setProperty("--chat-progress", `${percent}%`);
    this.#retry.hidden = failure?.again !== true;
    this.#chip.tell(failure?.sentence ?? (isRunning ? labels.uploading(percent) : fileText(name, size)));
  }
}
