import type { Cancel } from "../clock.js";
import type { FileRef } from "../protocol/frames.js";
import { cleanName } from "./file-name.js";
import type { Uploader } from "./uploader.js";

/** A file on its way to a message. Immutable: one that has changed is another object. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** null for one that the server had before the page was opened. */
  readonly file: File | null;
  readonly status: "waiting" | "uploading" | "taken" | "failed";
  /** The share that has left, from 0 to 1. */
  readonly progress: number;
  /** Set with status "failed" only. */
  readonly failure: { readonly sentence: string; readonly again: boolean } | null;
  /** Set with status "taken" only. */
  readonly ref: FileRef | null;
}

/** A browser opens about six connections to a host, and the dashboard needs some. */
const AT_ONCE = 2;

/** The files that are to go with the next message: uploaded as they come, a few at once. */
export class UploadQueue {
  readonly #uploader: Uploader;
  readonly #changed: () => void;
  readonly #running = new Map<number, Cancel>();
  #uploads: readonly Upload[] = [];
  #keys = 0;

  /** @param changed is told of every change. */
  constructor(uploader: Uploader, changed: () => void) {
    this.#uploader = uploader;
    this.#changed = changed;
  }

  get uploads(): readonly Upload[] {
    return this.#uploads;
  }

  /** What the server keeps of them. */
  get refs(): readonly FileRef[] {
    return this.#uploads.flatMap(({ ref }) => (ref ? [ref] : []));
  }

  has(status: Upload["status"]): boolean {
    return this.#uploads.some((upload) => upload.status === status);
  }

  add(files: readonly File[]): void {
    this.#put(
      files.map((file) => ({
        ...this.#blank(cleanName(file.name), file.size),
        file,
        status: "waiting",
        failure: null,
        ref: null,
      })),
    );
  }

  /** Takes in what the server has already. */
  restore(refs: readonly FileRef[]): void {
    this.#put(refs.map((ref) => ({ ...this.#blank(ref.name, ref.size), status: "taken", progress: 1, ref })));
  }

  remove(key: number): void {
    this.#cancel(key);
    const ref = this.#uploads.find((upload) => upload.key === key)?.ref;
    if (ref) {
      this.#uploader.discard(ref);
    }
    this.#uploads = this.#uploads.filter((upload) => upload.key !== key);
    this.#advance();
  }

  retry(key: number): void {
    this.#edit(key, { status: "waiting", progress: 0, failure: null });
    this.#advance();
  }

  /** Begins anew: a message has taken them along. */
  clear(): void {
    this.stop();
    this.#uploads = [];
    this.#changed();
  }

  /** Lets nothing more happen: the page is left. */
  stop(): void {
    [...this.#running.keys()].forEach((key) => this.#cancel(key));
  }

  #blank(name: string, size: number): Upload {
    this.#keys += 1;
    return { key: this.#keys, name, size, file: null, status: "waiting", progress: 0, failure: null, ref: null };
  }

  #put(uploads: readonly Upload[]): void {
    this.#uploads = [...this.#uploads, ...uploads];
    this.#advance();
  }

  #advance(): void {
    for (const { key, file, status } of this.#uploads) {
      if (status === "waiting" && file && this.#running.size < AT_ONCE) {
        this.#start(key, file);
      }
    }
    this.#changed();
  }

  #start(key: number, file: File): void {
    this.#edit(key, { status: "uploading" });
    // Entered before it begins: it may fail at once.
    this.#running.set(key, () => {});
    const cancel = this.#uploader.upload(file, {
      progressed: (progress) => {
        this.#edit(key, { progress });
        this.#changed();
      },
      taken: (ref) => this.#ended(key, { status: "taken", progress: 1, ref }),
      failed: (sentence, again) => this.#ended(key, { status: "failed", failure: { sentence, again } }),
    });
    if (this.#running.has(key)) {
      this.#running.set(key, cancel);
    }
  }

  #ended(key: number, change: Partial<Upload>): void {
    this.#running.delete(key);
    this.#edit(key, change);
    this.#advance();
  }

  #cancel(key: number): void {
    this.#running.get(key)?.();
    this.#running.delete(key);
  }

  #edit(key: number, change: Partial<Upload>): void {
    this.#uploads = this.#uploads.map((upload) => (upload.key === key ? { ...upload, ...change } : upload));
  }
}
