import { isFile } from "../protocol/codec.js";
import type { FileRef } from "../protocol/frames.js";
import type { Draft } from "../view/draft.js";

/** The files of a message that was not sent yet, over reloads and page changes; the server has them. */
export class KeptFiles {
  readonly #draft: Draft;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  load(): readonly FileRef[] {
    try {
      const refs: unknown = JSON.parse(this.#draft.load() || "[]");
      return Array.isArray(refs) ? refs.filter(isFile) : [];
    } catch {
      return [];
    }
  }

  save(refs: readonly FileRef[]): void {
    this.#draft.save(refs.length > 0 ? JSON.stringify(refs) : "");
  }
}
