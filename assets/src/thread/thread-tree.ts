import type { MessageState } from "../state";
import type { Entry, Signature } from "./entry";

/** From the first message to the last, with all that is asked for at each token. */
interface Path {
  readonly keys: string[];
  readonly positions: Map<string, number>;
  /** Never changed, since others hold it. */
  messages: readonly MessageState[];
}

/**
 * A conversation with all its branches: the versions of a question, the answers to one. Of each fork one child is
 * chosen, so that one path is shown.
 *
 * A message that changes or comes at the end costs the same however many there are; only another path is found anew.
 */
export class ThreadTree {
  /** By key. A message comes after the one that it follows, and after its older siblings. */
  readonly #entries = new Map<string, Entry>();
  readonly #children = new Map<string | null, readonly string[]>();
  readonly #chosen = new Map<string | null, string>();
  /** The parents of several children. */
  readonly #forks = new Set<string | null>();
  readonly #changed = new Set<string>();
  #isCleared = false;
  #cachedPath: Path | null = null;

  /**
   * @param entries in the order of {@link entries}. What follows an unknown message begins the conversation.
   * @param choices in the form of {@link choices}.
   */
  static of(entries: readonly Entry[], choices: readonly string[]): ThreadTree {
    const tree = new ThreadTree();
    for (const entry of entries) {
      const isOrphan = entry.parent !== null && !tree.#entries.has(entry.parent);
      tree.add(isOrphan ? { ...entry, parent: null } : entry);
    }
    choices.forEach((key) => tree.#choose(key));
    tree.saved();
    return tree;
  }

  /** None of a cleared conversation. */
  get entries(): Iterable<Entry> {
    return this.#isCleared ? [] : this.#entries.values();
  }

  /** The chosen ones of all messages that have alternatives. */
  get choices(): readonly string[] {
    return this.#isCleared ? [] : [...this.#forks].flatMap((parent) => this.#chosen.get(parent) ?? []);
  }

  /** The keys of messages that have come, changed or gone since {@link saved}; not of those that count otherwise now. */
  get changed(): ReadonlySet<string> {
    return this.#changed;
  }

  saved(): void {
    this.#changed.clear();
  }

  get isCleared(): boolean {
    return this.#isCleared;
  }

  /** What is shown: of a pending question, not the answer that nobody is working on. */
  get messages(): readonly MessageState[] {
    return this.#path.messages;
  }

  /** The keys from the first message to the last, whether it is shown or not. */
  get path(): readonly string[] {
    return this.#path.keys;
  }

  /** The last message of the path, whether it is shown or not. */
  get last(): Entry | undefined {
    const key = this.#path.keys.at(-1);
    return key === undefined ? undefined : this.#entries.get(key);
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Whether it is on the path. */
  isOnPath(key: string): boolean {
    return this.#path.positions.has(key);
  }

  hasAnswers(key: string): boolean {
    return this.#children.has(key);
  }

  /** A message and all that it follows, the nearest first. */
  *upwards(key: string): Generator<Entry> {
    let entry = this.#entries.get(key);
    while (entry) {
      yield entry;
      entry = entry.parent === null ? undefined : this.#entries.get(entry.parent);
    }
  }

  /** Adds a message below its parent, as the chosen one. What was cleared is gone with that. */
  add(entry: Entry): void {
    if (this.#isCleared) {
      this.#entries.clear();
      this.#children.clear();
      this.#chosen.clear();
      this.#forks.clear();
      this.#isCleared = false;
    }
    const { key } = entry.message;
    const path = this.#cachedPath;
    const isNext = path !== null && (path.keys.at(-1) ?? null) === entry.parent;
    this.#entries.set(key, entry);
    this.#changed.add(key);
    this.#setChildren(entry.parent, [...(this.#children.get(entry.parent) ?? []), key]);
    this.#choose(key);
    // Nothing follows what is new. Of a pending question nothing is shown.
    if (isNext && path.messages.length === path.keys.length && !path.messages.at(-1)?.pending) {
      path.positions.set(key, path.keys.length);
      path.keys.push(key);
      path.messages = [...path.messages, entry.message];
      this.#cachedPath = path;
    }
  }

  /** Removes a message with all that follows it. Does nothing when there is none. */
  remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) {
      return;
    }
    [...(this.#children.get(key) ?? [])].forEach((child) => this.remove(child));
    this.#entries.delete(key);
    this.#changed.add(key);
    const siblings = this.#children.get(entry.parent) ?? [];
    const rest = siblings.filter((sibling) => sibling !== key);
    const neighbour = rest[Math.max(0, siblings.indexOf(key) - 1)];
    if (neighbour === undefined) {
      this.#chosen.delete(entry.parent);
    } else if (this.#chosen.get(entry.parent) === key) {
      this.#chosen.set(entry.parent, neighbour);
    }
    this.#setChildren(entry.parent, rest);
  }

  /** Does nothing when there is no such message: a replaced answer is gone while its run may still be heard of. */
  edit(key: string, change: Partial<MessageState>): void {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#set({ ...entry, message: { ...entry.message, ...change } });
    }
  }

  sign(key: string, { id, parent }: Signature): void {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#set({ ...entry, signature: { id, parent } });
    }
  }

  forgetSignatures(): void {
    [...this.#entries.values()].forEach((entry) => this.#set({ ...entry, signature: null }));
  }

  /** Chooses the sibling that stands so many places further, if there is one. */
  step(key: string, places: number): void {
    const siblings = this.#children.get(this.#entries.get(key)?.parent ?? null) ?? [];
    const sibling = siblings[siblings.indexOf(key) + places];
    if (siblings.includes(key) && sibling !== undefined) {
      this.#choose(sibling);
    }
  }

  /** Shows nothing any more, until that is undone or a message is added. */
  clear(): void {
    this.#setCleared(this.#entries.size > 0);
  }

  undoClear(): void {
    this.#setCleared(false);
  }

  #setCleared(isCleared: boolean): void {
    this.#isCleared = isCleared;
    this.#cachedPath = null;
    [...this.#entries.keys()].forEach((key) => this.#changed.add(key));
  }

  #choose(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#chosen.set(entry.parent, key);
      this.#cachedPath = null;
    }
  }

  #setChildren(parent: string | null, keys: readonly string[]): void {
    if (keys.length > 0) {
      this.#children.set(parent, keys);
    } else {
      this.#children.delete(parent);
    }
    if (keys.length > 1) {
      this.#forks.add(parent);
    } else {
      this.#forks.delete(parent);
    }
    this.#cachedPath = null;
    keys.forEach((key, index) => {
      const { branch } = this.#entries.get(key)!.message;
      if (branch.index !== index || branch.count !== keys.length) {
        this.edit(key, { branch: { index, count: keys.length } });
      }
    });
  }

  #set(entry: Entry): void {
    const { key, pending } = entry.message;
    const wasPending = this.#entries.get(key)?.message.pending;
    this.#entries.set(key, entry);
    this.#changed.add(key);
    const path = this.#cachedPath;
    const position = path?.positions.get(key);
    if (pending !== wasPending) {
      this.#cachedPath = null;
    } else if (path && position !== undefined && position < path.messages.length) {
      const messages = path.messages.slice();
      messages[position] = entry.message;
      path.messages = messages;
    }
  }

  get #path(): Path {
    this.#cachedPath ??= this.#findPath();
    return this.#cachedPath;
  }

  #findPath(): Path {
    const keys: string[] = [];
    const messages: MessageState[] = [];
    let isHidden = false;
    for (let key = this.#isCleared ? undefined : this.#chosen.get(null); key !== undefined; ) {
      const { message } = this.#entries.get(key)!;
      keys.push(key);
      if (!isHidden) {
        messages.push(message);
      }
      isHidden ||= message.pending;
      key = this.#chosen.get(key);
    }
    return { keys, positions: new Map(keys.map((key, position) => [key, position])), messages };
  }
}
