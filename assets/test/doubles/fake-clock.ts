import type { Cancel, Clock } from "../../src/clock";

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** The day on which the time of tests begins. */
const START_MS = Date.UTC(2026, 10, 27);

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  date(): number {
    return START_MS + this.#now;
  }

  after(delayMs: number, call: () => void): Cancel {
    const timer = { at: this.#now + delayMs, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Time passes without the page, which calls what has fallen due when it is woken. */
  sleep(durationMs: number): void {
    this.#now += durationMs;
  }

  /** Lets time pass, calling what falls due in its order. */
  pass(durationMs: number): void {
    const end = this.#now + durationMs;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) {
        break;
      }
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = end;
  }
}
