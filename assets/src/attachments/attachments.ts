import type { FileRef } from "../protocol/frames.js";
import type { Announcer } from "../view/announcer.js";
import { ATTACHED_ATTRIBUTE } from "../view/composer.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import { AttachButton } from "./attach-button.js";
import { DropZone } from "./drop-zone.js";
import type { KeptFiles } from "./kept-files.js";
import { cleanName } from "./file-name.js";
import { pastedFiles } from "./transferred-files.js";
import { UploadList } from "./upload-list.js";
import { UploadQueue } from "./upload-queue.js";
import type { UploadRules } from "./upload-rules.js";
import type { Uploader } from "./uploader.js";

export interface AttachmentsOptions {
  readonly rules: UploadRules;
  readonly uploader: Uploader;
  readonly kept: KeptFiles;
  /** Where the server has a file. */
  readonly url: (id: string) => string;
}

export interface AttachmentsPlaces {
  /** The whole chat, on which files can be dropped. */
  readonly root: HTMLElement;
  readonly composer: HTMLElement;
  readonly button: HTMLElement;
  /** Where the files are shown; empty when there are none. */
  readonly info: HTMLElement;
}

/** The files that are to go with the next message: chosen, pasted or dropped, shown above the text, uploaded at once. */
export class Attachments {
  readonly #options: AttachmentsOptions;
  readonly #places: AttachmentsPlaces;
  readonly #announcer: Pick<Announcer, "announce">;
  readonly #queue: UploadQueue;
  readonly #list: UploadList;
  readonly #note: HTMLElement;
  readonly #button: AttachButton;
  readonly #zone: DropZone;
  readonly #listeners: AbortController;
  #taken: ReadonlySet<number> = new Set();

  constructor(
    places: AttachmentsPlaces,
    options: AttachmentsOptions,
    announcer: Pick<Announcer, "announce">,
    focusLost: () => void,
  ) {
    const document = places.root.ownerDocument;
    const window = document.defaultView!;
    const add = (files: readonly File[], folders: readonly string[] = []): void => this.#add(files, folders);
    this.#places = places;
    this.#options = options;
    this.#announcer = announcer;
    this.#listeners = new window.AbortController();
    this.#queue = new UploadQueue(options.uploader, () => this.#changed());
    this.#list = new UploadList({
      document,
      url: options.url,
      urls: window.URL,
      remove: (key) => {
        this.#say(null);
        this.#queue.remove(key);
      },
      retry: (key) => {
        this.#say(null);
        this.#queue.retry(key);
      },
      onFocusLost: focusLost,
    });
    this.#note = createElement(document, "p", "chat-file-note");
    this.#note.setAttribute("role", "alert");
    this.#button = new AttachButton(places.button, options.rules.accept, (files) => {
      add(files);
      focusLost();
    });
    this.#zone = new DropZone(places.root, add);
    places.composer.addEventListener("paste", (event) => this.#onPaste(event), { signal: this.#listeners.signal });
    this.#queue.restore(options.kept.load());
  }

  /** The files to go with a message now; null, and its user is told why, when there are some that can't. */
  ready(): readonly FileRef[] | null {
    if (this.#queue.has("failed")) {
      this.#say(labels.filesFailed);
      return null;
    }
    if (this.#queue.has("waiting") || this.#queue.has("uploading")) {
      this.#say(labels.filesComing);
      return null;
    }
    const { refs } = this.#queue;
    // Those of a message that was taken back may have come on top.
    if (!this.#options.rules.allows(refs.length)) {
      this.#say(this.#options.rules.tooMany);
      return null;
    }
    return refs;
  }

  /** A message has taken them along. */
  sent(): void {
    this.#say(null);
    this.#queue.clear();
  }

  /** A message has not been sent after all. */
  restore(refs: readonly FileRef[]): void {
    this.#queue.restore(refs);
  }

  destroy(): void {
    this.#listeners.abort();
    this.#button.destroy();
    this.#zone.destroy();
    // What is kept stays, for the next visit.
    this.#queue.stop();
    this.#places.info.replaceChildren();
    this.#places.composer.removeAttribute(ATTACHED_ATTRIBUTE);
    this.#list.render([]);
  }

  #add(files: readonly File[], folders: readonly string[] = []): void {
    const { rules } = this.#options;
    const refusals = files.map((file) => rules.refusal(file));
    const fitting = files.filter((_, index) => refusals[index] === null);
    const taken = fitting.slice(0, rules.room(this.#queue.uploads.length));
    const sentences = [
      ...refusals.filter((sentence) => sentence !== null),
      ...folders.map((name) => labels.folder(cleanName(name))),
    ];
    this.#say([...sentences, ...(taken.length < fitting.length ? [rules.tooMany] : [])].join(" ") || null);
    this.#queue.add(taken);
  }

  #onPaste(event: ClipboardEvent): void {
    const files = pastedFiles(event.clipboardData);
    if (files.length > 0) {
      event.preventDefault();
      this.#add(files);
    }
  }

  #changed(): void {
    const { uploads, refs } = this.#queue;
    this.#options.kept.save(refs);
    this.#list.render(uploads);
    this.#render();
    const taken = uploads.filter(({ ref }) => ref !== null);
    // What is brought back is no news.
    const news = taken.filter(({ key, file }) => file !== null && !this.#taken.has(key));
    news.forEach(({ name }) => this.#announcer.announce(labels.attached(name)));
    this.#taken = new Set(taken.map(({ key }) => key));
    if (!this.#queue.has("waiting") && !this.#queue.has("uploading") && this.#note.textContent === labels.filesComing) {
      this.#say(null);
    }
  }

  #say(sentence: string | null): void {
    this.#note.textContent = sentence;
    this.#render();
  }

  #render(): void {
    const { composer, info } = this.#places;
    const hasFiles = this.#queue.uploads.length > 0;
    composer.toggleAttribute(ATTACHED_ATTRIBUTE, hasFiles);
    // One that stays is not moved: it would lose the focus.
    if (!hasFiles) {
      this.#list.element.remove();
    } else if (!this.#list.element.isConnected) {
      info.prepend(this.#list.element);
    }
    if (!this.#note.textContent) {
      this.#note.remove();
    } else if (!this.#note.isConnected) {
      info.append(this.#note);
    }
  }
}
