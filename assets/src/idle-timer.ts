import type { Cancel, Clock } from "./clock";

/** Calls once when something has not been used for a while. */
export class IdleTimer {
  readonly #clock: Clock;
  readonly #inUse: () => boolean;
  readonly #idle: () => void;
  #usedAt = 0;
  #cancel: Cancel = () => {};

  /** @param inUse asked when the time is over: use may last. */
  constructor(clock: Clock, inUse: () => boolean, idle: () => void) {
    this.#clock = clock;
    this.#inUse = inUse;
    this.#idle = idle;
  }

  used(): void {
    this.#usedAt = this.#clock.now();
  }

  start(idleMs: number): void {
    this.#schedule(idleMs, idleMs);
  }

  stop(): void {
    this.#cancel();
  }

  #schedule(delayMs: number, idleMs: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(delayMs, () => {
      if (this.#inUse()) {
        this.used();
      }
      const restMs = this.#usedAt + idleMs - this.#clock.now();
      if (restMs > 0) {
        this.#schedule(restMs, idleMs);
      } else {
        this.#idle();
      }
    });
  }
}
