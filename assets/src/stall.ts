import type { Cancel, Clock } from "./clock";

/** A break that is over sooner is nobody's concern. */
const NOTICEABLE_MS = 1_000;

/** Tells a break that lasts from a short one. */
export class Stall {
  readonly #clock: Clock;
  readonly #begins: () => void;
  #isBlocked = false;
  #lasts = false;
  #cancel: Cancel = () => {};

  /** @param begins called when a break has become noticeable. */
  constructor(clock: Clock, begins: () => void) {
    this.#clock = clock;
    this.#begins = begins;
  }

  get lasts(): boolean {
    return this.#lasts;
  }

  update(isBlocked: boolean): void {
    if (isBlocked === this.#isBlocked) {
      return;
    }
    this.#isBlocked = isBlocked;
    this.#lasts = false;
    this.#cancel();
    if (isBlocked) {
      this.#cancel = this.#clock.after(NOTICEABLE_MS, () => {
        this.#lasts = true;
        this.#begins();
      });
    }
  }
}
