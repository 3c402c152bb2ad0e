import { keptOf, partsOf, type KeptContent } from "../protocol/content";
import type { MessageState } from "../state";
import type { Entry } from "./entry";
import type { PendingFeedback } from "./feedback-queue";
import type { SavedRun } from "./live-run";
import { nextTurn, shortened } from "./shortened";
import { ThreadTree } from "./thread-tree";
import type { SavedWaiting } from "./waiting-messages";

export interface SavedThread {
  /** The conversation's id on the server. */
  readonly thread: string | null;
  readonly tree: ThreadTree;
  readonly runs: readonly SavedRun[];
  /** Ids of runs that the server has still to be told to cancel. */
  readonly withdrawn: readonly string[];
  readonly feedback: readonly PendingFeedback[];
  readonly waiting: SavedWaiting;
}

/** Raised when the stored form changes; another version's thread is not read. */
const VERSION = 9;

/** What a message can change in; the rest follows from the others, or is of the moment. */
type StoredMessage = Omit<MessageState, "parts" | "pending" | "branch" | "doing"> &
  Omit<Entry, "message"> & {
    readonly content: KeptContent;
    /** Its place in the order of the entries. */
    readonly order: number;
  };

/** All but the messages. It is written last, and without it they count for nothing. */
interface Head {
  readonly version: number;
  readonly thread: string | null;
  readonly choices: readonly string[];
  readonly runs: readonly SavedRun[];
  readonly withdrawn: readonly string[];
  readonly feedback: readonly PendingFeedback[];
  readonly waiting: SavedWaiting;
}

/**
 * Keeps a thread over reloads and page changes, in the tab's session storage. Each message is an item of its own, so
 * that a turn costs what it has changed and not what there is.
 *
 * Storage may be full: then the oldest turns are left out, as many as it takes, and come back one by one when there is
 * room again. Where it takes nothing at all, the chat works all the same, and forgets when the page is left.
 */
export class ThreadStore {
  readonly #storage: () => Storage;
  readonly #key: string;
  /** The places of messages in the order; those that were left out keep theirs. */
  readonly #orders = new Map<string, number>();
  /** The keys of messages that had no room. */
  readonly #leftOut = new Set<string>();
  #lastOrder = 0;
  /** The storage has lost what did not change since. */
  #isForgotten = false;

  /** @param storage looked up at each use, because reading `window.sessionStorage` itself may throw. */
  constructor(storage: () => Storage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  /** Whether there is something to be loaded. */
  get isEmpty(): boolean {
    try {
      return this.#storage().getItem(this.#key) === null;
    } catch {
      return true;
    }
  }

  load(): SavedThread {
    this.#reset();
    this.#isForgotten = false;
    try {
      const head = JSON.parse(this.#storage().getItem(this.#key) ?? "null") as Head | null;
      if (head?.version === VERSION) {
        const tree = ThreadTree.of(this.#loadEntries(), head.choices);
        const { thread, runs, withdrawn, feedback, waiting } = head;
        return { thread, tree, runs: [...runs], withdrawn: [...withdrawn], feedback: [...feedback], waiting };
      }
    } catch {
      // Forbidden, or not what we have written: as if there were nothing.
    }
    this.#forget();
    const waiting = { messages: [], isHeld: false };
    return { thread: null, tree: new ThreadTree(), runs: [], withdrawn: [], feedback: [], waiting };
  }

  #loadEntries(): Entry[] {
    const stored = this.#itemsOf(this.#storage())
      .map((item) => JSON.parse(this.#storage().getItem(item) ?? "null") as StoredMessage)
      .sort((one, other) => one.order - other.order);
    return stored.map((message) => {
      this.#orders.set(message.key, message.order);
      this.#lastOrder = message.order;
      return restore(message);
    });
  }

  /** Forgets what was kept: what is saved next is another thread. */
  empty(): void {
    this.#reset();
    this.#forget();
  }

  #reset(): void {
    this.#orders.clear();
    this.#leftOut.clear();
    this.#lastOrder = 0;
  }

  save(saved: SavedThread): void {
    if (this.#write(saved)) {
      this.#bringBack(saved.tree);
      return;
    }
    for (const kept of shortened(saved.tree, saved.runs)) {
      this.#leaveOutAllBut(kept, saved.tree);
      if (this.#write(saved)) {
        return;
      }
    }
    this.#forget();
  }

  #write({ thread, tree, runs, withdrawn, feedback, waiting }: SavedThread): boolean {
    const head: Head = { version: VERSION, thread, choices: tree.choices, runs, withdrawn, feedback, waiting };
    try {
      const all = () => [...tree.entries].map(({ message }) => message.key);
      for (const key of this.#isForgotten ? all() : tree.changed) {
        const entry = tree.isCleared ? undefined : tree.get(key);
        if (!entry) {
          this.#leftOut.delete(key);
          this.#orders.delete(key);
          this.#remove(key);
        } else if (!this.#leftOut.has(key)) {
          this.#writeEntry(entry);
        }
      }
      this.#storage().setItem(this.#key, JSON.stringify(head));
      tree.saved();
      this.#isForgotten = false;
      return true;
    } catch {
      return false;
    }
  }

  #writeEntry(entry: Entry): void {
    const { key } = entry.message;
    this.#storage().setItem(this.#item(key), JSON.stringify(store(entry, this.#orderOf(key))));
  }

  #orderOf(key: string): number {
    const order = this.#orders.get(key) ?? this.#lastOrder + 1;
    this.#orders.set(key, order);
    this.#lastOrder = Math.max(this.#lastOrder, order);
    return order;
  }

  #leaveOutAllBut(kept: ReadonlySet<string>, tree: ThreadTree): void {
    for (const { message } of tree.entries) {
      // Also of those that were never written: they may be, after what follows them.
      this.#orderOf(message.key);
      if (!kept.has(message.key)) {
        this.#leftOut.add(message.key);
        this.#remove(message.key);
      }
    }
  }

  /** Tries the last turn that was left out again: one at a time, since each save has to be cheap. */
  #bringBack(tree: ThreadTree): void {
    const keys = nextTurn(tree, this.#leftOut);
    try {
      keys.forEach((key) => this.#writeEntry(tree.get(key)!));
      keys.forEach((key) => this.#leftOut.delete(key));
    } catch {
      // No room yet, and half a turn is none.
      keys.forEach((key) => this.#remove(key));
    }
  }

  #remove(key: string): void {
    try {
      this.#storage().removeItem(this.#item(key));
    } catch {
      // Forbidden altogether: nothing was kept.
    }
  }

  /** An older state must not stay when the new one can't be kept: its runs would be sent again. */
  #forget(): void {
    this.#isForgotten = true;
    try {
      const storage = this.#storage();
      storage.removeItem(this.#key);
      this.#itemsOf(storage).forEach((item) => storage.removeItem(item));
    } catch {
      // Forbidden altogether: nothing was kept.
    }
  }

  #item(key: string): string {
    // No chat's id has a line's end in it, so that no other chat's items begin like this one's.
    return `${this.#key}\n${key}`;
  }

  #itemsOf(storage: Storage): string[] {
    const items = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    return items.filter((item) => item.startsWith(this.#item("")));
  }
}

function store({ message, parent, signature }: Entry, order: number): StoredMessage {
  const { parts, pending: _pending, branch: _branch, doing: _doing, ...rest } = message;
  return { ...rest, order, parent, signature, content: keptOf(parts) };
}

function restore(stored: StoredMessage): Entry {
  const { order: _order, content, parent, signature, ...rest } = stored;
  return { message: { ...rest, parts: partsOf(content), pending: false, branch: { index: 0, count: 1 }, doing: "" }, parent, signature };
}
