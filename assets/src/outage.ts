import type { Clock } from "./clock";

/** Bounds of the longest wait between two attempts, in milliseconds. */
const SHORTEST_MS = 400;
const LONGEST_MS = 15_000;

/**
 * The time without a connection, from its loss to the next that is of use, and when in it to try.
 *
 * The first attempt is made at once. Later ones wait with full jitter, so that the chats of a server that has restarted
 * do not all come back at the same moment; at most half of what the outage has lasted, so that a break of a second
 * does not become two.
 */
export class Outage {
  readonly #clock: Clock;
  readonly #random: () => number;
  #since = 0;
  #attempts = 0;
  /** Until when the server has asked to stay away. */
  #notBefore: number | null = null;

  /** @param random a number in [0, 1). */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The connection was lost just now, or is wanted for the first time. */
  begin(): void {
    this.#since = this.#clock.now();
    this.#attempts = 0;
  }

  /** There is another way: it is tried at once, whatever the server has said on the old one. */
  beginAnew(): void {
    this.begin();
    this.#notBefore = null;
  }

  /** Leaves the server alone for the time that it has asked for, and up to `jitterMs` more. Returns how long. */
  stayAway(forMs: number, jitterMs: number): number {
    const delayMs = forMs + jitterMs * this.#random();
    this.#notBefore = this.#clock.now() + delayMs;
    return delayMs;
  }

  /** Whether an attempt may be made before its time. */
  get mayHurry(): boolean {
    return this.#notBefore === null;
  }

  /** How long to wait before the next attempt. */
  get delayMs(): number {
    const now = this.#clock.now();
    const longestMs = Math.min(Math.max((now - this.#since) / 2, SHORTEST_MS), LONGEST_MS);
    const backoffMs = this.#attempts === 0 ? 0 : longestMs * this.#random();
    return Math.max(backoffMs, (this.#notBefore ?? now) - now);
  }

  /** An attempt is made. Returns how long the outage has lasted when there were others before, else null. */
  attempt(): number | null {
    const isFirst = this.#attempts === 0;
    this.#attempts += 1;
    this.#notBefore = null;
    return isFirst ? null : this.#clock.now() - this.#since;
  }
}
