import type { Clock } from "../clock.js";

/** Milliseconds of work in one task. With what else a frame needs it stays far below what a user notices. */
const BUDGET_MS = 8;

/**
 * Does work at once while the current task has time for it, and the rest in tasks of its own. What came last is done
 * first: it is what the reader of a long conversation sees.
 */
export class SlicedWork {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #spentMs = 0;
  #isScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  do(call: () => void): void {
    if (this.#waiting.length === 0 && this.#spentMs < BUDGET_MS) {
      this.#run(call);
    } else {
      this.#waiting.push(call);
    }
    this.#schedule();
  }

  #run(call: () => void): void {
    const began = this.#clock.now();
    try {
      call();
    } catch (error) {
      // Whatever waits besides is done all the same.
      console.error(error);
    }
    this.#spentMs += this.#clock.now() - began;
  }

  #schedule(): void {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#clock.after(0, () => this.#nextTask());
    }
  }

  #nextTask(): void {
    this.#isScheduled = false;
    this.#spentMs = 0;
    while (this.#waiting.length > 0 && this.#spentMs < BUDGET_MS) {
      this.#run(this.#waiting.pop()!);
    }
    if (this.#waiting.length > 0) {
      this.#schedule();
    }
  }
}
