import type { Cancel, Clock } from "./clock";

/** Timers that end together with whom they serve. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(delayMs: number, call: () => void): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#pending.delete(cancel);
      call();
    });
    this.#pending.add(cancel);
  }

  cancelAll(): void {
    this.#pending.forEach((cancel) => cancel());
    this.#pending.clear();
  }
}
