import type { Cancel, Clock } from "../clock";

/** Of the page's time, what changes of one component may take: one part in five. */
const REST_PER_WORK = 4;
/** Between two changes at least: a frame of the screen. */
const SHORTEST_MS = 16;
/** When something that could not be done is tried again. */
const AGAIN_MS = 50;

/**
 * Does something over and over, whenever it is asked for, but no more often than leaves the page most of its time. What
 * is asked for in between is done once.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #work: () => boolean;
  #cancel: Cancel | null = null;
  #next = Number.NEGATIVE_INFINITY;
  #isAsked = false;
  #isStopped = false;

  /** @param work returns whether it could be done. */
  constructor(clock: Clock, work: () => boolean) {
    this.#clock = clock;
    this.#work = work;
  }

  request(): void {
    this.#isAsked = true;
    if (!this.#cancel && !this.#isStopped) {
      this.#wait(Math.max(0, this.#next - this.#clock.now()));
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #wait(delayMs: number): void {
    if (this.#isStopped) {
      return;
    }
    this.#cancel = this.#clock.after(delayMs, () => this.#do());
  }

  #do(): void {
    const began = this.#clock.now();
    this.#isAsked = false;
    if (!this.#work()) {
      this.#isAsked = true;
      this.#wait(AGAIN_MS);
      return;
    }
    // React and Plotly go on after the call; a timer comes when they have ended.
    this.#cancel = this.#clock.after(0, () => {
      const now = this.#clock.now();
      this.#next = now + Math.max(SHORTEST_MS, REST_PER_WORK * (now - began));
      this.#cancel = null;
      if (this.#isAsked) {
        this.request();
      }
    });
  }
}
