import type { Cancel, Clock } from "../clock";
import { labels } from "../view/labels";
import type { KeptThread, ThreadPage, ThreadSummary } from "./kept-thread";
import { ThreadError, type ThreadApi } from "./thread-api";

export interface ListState {
  /** "failed": nothing could be read. */
  readonly status: "loading" | "ready" | "failed";
  readonly threads: readonly ThreadSummary[];
  readonly hasMore: boolean;
  readonly search: string;
  /** The one that is being read to be opened. */
  readonly opening: string | null;
  /** One plain sentence on what could not be done, or why nothing could be read; else null. */
  readonly problem: string | null;
}

const SEARCH_MS = 250;
const NOTHING: ListState = { status: "loading", threads: [], hasMore: false, search: "", opening: null, problem: null };

/** The list of a reader's conversations as far as it was read, and what is done with them. */
export class ThreadList {
  readonly #api: Pick<ThreadApi, "list" | "read" | "rename" | "remove">;
  readonly #clock: Clock;
  readonly #show: (state: ListState) => void;
  #state = NOTHING;
  #next: string | null = null;
  /** Of the reading of the list that is under way; the next one ends it. */
  #reading = new AbortController();
  #opening = new AbortController();
  /** What has become of conversations since the list was last asked for: their titles, null of those that are deleted. */
  readonly #changes = new Map<string, string | null>();
  #cancelSearch: Cancel = () => {};

  constructor(api: Pick<ThreadApi, "list" | "read" | "rename" | "remove">, clock: Clock, show: (state: ListState) => void) {
    this.#api = api;
    this.#clock = clock;
    this.#show = show;
  }

  get state(): ListState {
    return this.#state;
  }

  /** Begins anew: nothing is known, nothing is searched for. */
  async begin(): Promise<void> {
    this.#set(NOTHING);
    await this.refresh();
  }

  /** Nobody looks at it any more. */
  end(): void {
    this.#cancelSearch();
    this.#reading.abort();
    this.#opening.abort();
  }

  /** Reads the newest ones again; older ones that were read stay. */
  async refresh(): Promise<void> {
    await this.#read(null, (page) => {
      const ids = new Set(page.threads.map(({ id }) => id));
      const oldest = page.threads.at(-1)?.updated ?? 0;
      const older = page.next === null ? [] : this.#state.threads.filter(({ id, updated }) => !ids.has(id) && updated <= oldest);
      this.#take([...page.threads, ...older], older.length > 0 ? this.#next : page.next);
    });
  }

  async tryAgain(): Promise<void> {
    this.#set({ ...this.#state, status: "loading", problem: null });
    await this.refresh();
  }

  async more(): Promise<void> {
    await this.#read(this.#next, (page) => {
      const ids = new Set(this.#state.threads.map(({ id }) => id));
      this.#take([...this.#state.threads, ...page.threads.filter(({ id }) => !ids.has(id))], page.next);
    });
  }

  /** Searches when nothing else is typed for a moment. */
  search(text: string): void {
    const search = text.trim();
    this.#cancelSearch();
    if (search !== this.#state.search) {
      this.#cancelSearch = this.#clock.after(SEARCH_MS, () => {
        this.#set({ ...NOTHING, search });
        void this.refresh();
      });
    }
  }

  /** Returns a conversation; null when it can't be read, or another one is to be opened in the meantime. */
  async open(id: string): Promise<KeptThread | null> {
    this.#opening.abort();
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    this.#set({ ...this.#state, opening: id, problem: null });
    try {
      const thread = await this.#api.read(id, signal);
      if (signal.aborted) {
        return null;
      }
      this.#set({ ...this.#state, opening: null });
      return thread;
    } catch (error) {
      if (!signal.aborted) {
        this.#set({ ...this.#state, opening: null });
        this.#failed(error, labels.threadNotOpened, id);
      }
      return null;
    }
  }

  /** Shows the title at once, and the old one again when it is not taken. */
  async rename(id: string, title: string): Promise<void> {
    const before = this.#state.threads.find((thread) => thread.id === id);
    if (!before || title === "" || title === before.title) {
      return;
    }
    this.#change(id, { title });
    try {
      const renamed = await this.#api.rename(id, title);
      this.#changes.set(id, renamed.title);
      this.#change(id, renamed);
    } catch (error) {
      this.#change(id, { title: before.title });
      this.#failed(error, labels.threadNotRenamed, id);
    }
  }

  /** Returns whether it is deleted. */
  async remove(id: string): Promise<boolean> {
    try {
      await this.#api.remove(id);
    } catch (error) {
      this.#failed(error, labels.threadNotDeleted, id);
      return false;
    }
    this.#changes.set(id, null);
    this.#drop(id);
    return true;
  }

  async #read(before: string | null, take: (page: ThreadPage) => void): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    this.#changes.clear();
    try {
      const page = await this.#api.list(this.#state.search, before, signal);
      if (!signal.aborted) {
        take({ ...page, threads: this.#upToDate(page.threads) });
      }
    } catch (error) {
      if (!signal.aborted) {
        const problem = sentenceOf(error) ?? labels.threadsAway;
        this.#set({ ...this.#state, status: this.#state.threads.length > 0 ? "ready" : "failed", problem });
      }
    }
  }

  /** As conversations are now that were read when the server may not have heard yet what was done with them. */
  #upToDate(threads: readonly ThreadSummary[]): ThreadSummary[] {
    return threads
      .map((thread) => ({ ...thread, title: this.#changes.get(thread.id) ?? thread.title }))
      .filter(({ id }) => this.#changes.get(id) !== null);
  }

  #take(threads: readonly ThreadSummary[], next: string | null): void {
    this.#next = next;
    this.#set({ ...this.#state, status: "ready", threads, hasMore: next !== null, problem: null });
  }

  #failed(error: unknown, sentence: string, id: string): void {
    const isGone = error instanceof ThreadError && error.isGone;
    if (isGone) {
      this.#drop(id);
    }
    this.#set({ ...this.#state, problem: isGone ? labels.threadGone : (sentenceOf(error) ?? sentence) });
  }

  #change(id: string, change: Partial<ThreadSummary>): void {
    const threads = this.#state.threads.map((thread) => (thread.id === id ? { ...thread, ...change } : thread));
    this.#set({ ...this.#state, threads, problem: null });
  }

  #drop(id: string): void {
    this.#set({ ...this.#state, threads: this.#state.threads.filter((thread) => thread.id !== id), problem: null });
  }

  #set(state: ListState): void {
    this.#state = state;
    this.#show(state);
  }
}

function sentenceOf(error: unknown): string | null {
  return error instanceof ThreadError ? error.sentence : null;
}
