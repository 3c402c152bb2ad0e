import type { Draft } from "../view/draft";

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Kept {
  readonly isOpen: boolean;
  /** null until the reader has chosen one. */
  readonly size: Size | null;
}

/** Whether a popup is open and how large it is, kept over reloads and pages of the tab. */
export class PopupMemory {
  readonly #draft: Draft;
  #kept: Kept;

  constructor(draft: Draft) {
    this.#draft = draft;
    this.#kept = parse(draft.load());
  }

  get isOpen(): boolean {
    return this.#kept.isOpen;
  }

  set isOpen(isOpen: boolean) {
    this.#keep({ isOpen });
  }

  get size(): Size | null {
    return this.#kept.size;
  }

  set size(size: Size | null) {
    this.#keep({ size });
  }

  #keep(changed: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...changed };
    this.#draft.save(JSON.stringify(this.#kept));
  }
}

function parse(text: string): Kept {
  try {
    const { isOpen, size } = JSON.parse(text) as Kept;
    return { isOpen: isOpen === true, size: isSize(size) ? size : null };
  } catch {
    return { isOpen: false, size: null };
  }
}

function isSize(size: Size | null): boolean {
  return Number.isFinite(size?.width) && Number.isFinite(size?.height);
}
