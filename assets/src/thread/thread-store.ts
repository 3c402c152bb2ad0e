import type { MessageStatus } from "../state";
import type { SavedRun } from "./live-run";
import type { Entry, Signature, Thread } from "./thread";

export interface SavedThread {
  readonly thread: Thread;
  readonly runs: readonly SavedRun[];
}

/** Raised when the stored form changes; another version's thread is not read. */
const VERSION = 1;

interface StoredMessage {
  readonly key: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly status: MessageStatus;
  readonly error: { readonly text: string; readonly ref: string | null } | null;
  readonly signature: Signature | null;
}

interface Stored {
  readonly version: number;
  readonly messages: readonly StoredMessage[];
  readonly runs: readonly SavedRun[];
}

/**
 * Keeps a thread over reloads and page changes, in the tab's session storage.
 *
 * Storage may be full or forbidden. Then the chat works all the same, and forgets when the page is left.
 */
export class ThreadStore {
  readonly #storage: () => Storage;
  readonly #key: string;

  /** @param storage looked up at each use, because reading `window.sessionStorage` itself may throw. */
  constructor(storage: () => Storage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  load(): SavedThread {
    try {
      const stored = JSON.parse(this.#storage().getItem(this.#key) ?? "null") as Stored | null;
      if (stored?.version === VERSION) {
        return { thread: stored.messages.map(restore), runs: [...stored.runs] };
      }
    } catch {
      // Forbidden, or not what we have written: as if there were nothing.
    }
    return { thread: [], runs: [] };
  }

  save({ thread, runs }: SavedThread): void {
    const stored: Stored = { version: VERSION, messages: thread.map(store), runs };
    try {
      this.#storage().setItem(this.#key, JSON.stringify(stored));
    } catch {
      this.#forget();
    }
  }

  /** An older state must not stay when the new one can't be kept: its runs would be sent again. */
  #forget(): void {
    try {
      this.#storage().removeItem(this.#key);
    } catch {
      // Forbidden altogether: nothing was kept.
    }
  }
}

function store({ message, signature }: Entry): StoredMessage {
  const { key, role, parts, status, error } = message;
  return { key, role, text: parts.map((part) => part.text).join(""), status, error, signature };
}

function restore({ key, role, text, status, error, signature }: StoredMessage): Entry {
  const parts = text === "" ? [] : [{ kind: "text" as const, text, ended: true }];
  return { message: { key, role, parts, status, error }, signature };
}
