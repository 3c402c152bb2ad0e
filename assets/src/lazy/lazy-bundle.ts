import type { Clock } from "../clock.js";
import type { SlicedWork } from "./sliced-work.js";
import { WeakList } from "./weak-list.js";

/** Something on the page that looks better with a bundle than without. */
export interface BundleUser {
  bundleLoaded(): void;
}

/** How long to wait before each further attempt; the last goes on for ever. */
const RETRY_MS = [5_000, 30_000, 120_000];

export interface LazyBundleOptions<T> {
  readonly name: string;
  /** `attempt` counts from 1: browsers remember that a module could not be loaded, by its address. */
  readonly load: (attempt: number) => Promise<T>;
  readonly clock: Clock;
  readonly work: SlicedWork;
}

/** Browser code that is loaded when it is first of use. */
export class LazyBundle<T extends object> {
  readonly #options: LazyBundleOptions<T>;
  readonly #users = new WeakList<BundleUser>();
  #loaded: T | null = null;
  #attempts = 0;

  constructor(options: LazyBundleOptions<T>) {
    this.#options = options;
  }

  /** Returns the bundle, or else null, and tells `user` once it is there. */
  use(user: BundleUser): T | null {
    if (this.#loaded) {
      return this.#loaded;
    }
    this.#users.add(user);
    this.prepare();
    return null;
  }

  /** Begins to load what will soon be of use, unless that was done before. */
  prepare(): void {
    if (this.#attempts === 0) {
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    const { name, load, clock, work } = this.#options;
    this.#attempts += 1;
    try {
      this.#loaded = await load(this.#attempts);
    } catch (error) {
      if (this.#attempts === 1) {
        console.warn(`vizro_ws_chat: ${name} could not be loaded and will be tried again.`, error);
      }
      clock.after(RETRY_MS[Math.min(this.#attempts, RETRY_MS.length) - 1]!, () => void this.#load());
      return;
    }
    this.#users.forEach((user) => work.do(() => user.bundleLoaded()));
    this.#users.clear();
  }
}
