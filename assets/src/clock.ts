export type Cancel = () => void;

/** Time, injected so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds from any fixed point, never going back. */
  now(): number;
  /** Calls once after the delay, unless cancelled before. */
  after(delayMs: number, call: () => void): Cancel;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
