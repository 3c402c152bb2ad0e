import type { Cancel, Clock } from "../clock";

/** How many times as long as a change has taken, as far as it can be seen, the page has for itself. */
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
    // React goes on after the call; a timer comes when it has ended.
    this.#cancel = this.#clock.after(0, () => this.#watchFrame(this.#clock.now(), this.#clock.now() - began));
  }

  /** Plotly draws with a later frame, which keeps a timer waiting for as long as that takes. */
  #watchFrame(began: number, workMs: number): void {
    this.#cancel = this.#clock.after(SHORTEST_MS, () => {
      const lateMs = Math.max(0, this.#clock.now() - began - SHORTEST_MS);
      this.#next = began + lateMs + REST_PER_WORK * (workMs + lateMs);
      this.#cancel = null;
      if (this.#isAsked) {
        this.request();
      }
    });
  }
}
