export type Cancel = () => void;

/** Time, injected so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds from any fixed point, never going back. */
  now(): number;
  /** Milliseconds since 1970, by a clock that people set. */
  date(): number;
  /** Calls once after the delay, unless cancelled before. */
  after(delayMs: number, call: () => void): Cancel;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
