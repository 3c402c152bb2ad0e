/** Clock and frames; the browser's own, or a test's. */
export interface FrameHost {
  requestFrame(callback: () => void): number;
  cancelFrame(handle: number): void;
  setTimer(callback: () => void, delayMs: number): number;
  clearTimer(handle: number): void;
  nowMs(): number;
}

/** A hidden or covered page gets no frames; it is painted this long after a request at the latest. */
const LATEST_MS = 250;

/**
 * Every second frame of a 60 Hz screen, and a little less, for a timer comes late: painting each frame makes the page
 * half as busy again, and the text is on average 8 ms earlier.
 */
const INTERVAL_MS = 30;

/** Painting may take this share of the time, so that an answer of any shape leaves the page usable. */
const TIME_SHARE = 0.12;
/** What may be saved of that share, for much that comes within a moment. */
const SAVED_MS = 60;

/** A paint of what has come all at once goes on at the next frame before this, so that keys and clicks get through. */
const BUDGET_MS = 20;

export function browserFrames(window: Window): FrameHost {
  return {
    requestFrame: (callback) => window.requestAnimationFrame(callback),
    cancelFrame: (handle) => window.cancelAnimationFrame(handle),
    setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
    clearTimer: (handle) => window.clearTimeout(handle),
    nowMs: () => window.performance.now(),
  };
}

/** Turns any number of requests into a paint now and then: the first at the next frame, fewer when painting is dear. */
export class PaintScheduler {
  readonly #paint: (isInTime: () => boolean) => boolean;
  readonly #host: FrameHost;
  /** Ends what is waited for; null while nothing is. */
  #stopWaiting: (() => void) | null = null;
  #latest: number | null = null;
  #notBeforeMs = 0;
  #savedMs = SAVED_MS;
  #savedAtMs = 0;

  /** @param paint paints while it is in time, and returns whether that was all. */
  constructor(paint: (isInTime: () => boolean) => boolean, host: FrameHost) {
    this.#paint = paint;
    this.#host = host;
  }

  request(): void {
    if (this.#latest !== null) {
      return;
    }
    this.#latest = this.#host.setTimer(() => this.#run(), LATEST_MS);
    this.#wait();
  }

  /** For what somebody waits for: paints at the next frame, whatever painting has cost. */
  requestNow(): void {
    this.#notBeforeMs = 0;
    if (this.#latest === null) {
      this.request();
    } else {
      this.#stopWaiting?.();
      this.#requestFrame();
    }
  }

  cancel(): void {
    if (this.#latest !== null) {
      this.#host.clearTimer(this.#latest);
      this.#latest = null;
    }
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }

  /** A frame costs the browser something even if nothing is painted in it, so that one is asked for only when due. */
  #wait(): void {
    const delayMs = this.#notBeforeMs - this.#host.nowMs();
    if (delayMs > 0) {
      const timer = this.#host.setTimer(() => this.#requestFrame(), delayMs);
      this.#stopWaiting = () => this.#host.clearTimer(timer);
    } else {
      this.#requestFrame();
    }
  }

  #requestFrame(): void {
    const frame = this.#host.requestFrame(() => this.#run());
    this.#stopWaiting = () => this.#host.cancelFrame(frame);
  }

  #run(): void {
    this.cancel();
    const startMs = this.#host.nowMs();
    const isComplete = this.#paint(this.#budget(startMs));
    const costMs = this.#host.nowMs() - startMs;
    this.#notBeforeMs = isComplete ? startMs + Math.max(INTERVAL_MS, this.#spend(startMs, costMs)) : startMs;
    if (!isComplete) {
      this.request();
    }
  }

  /** Tells, asked before each piece of a paint, whether there is time for one that takes as long as the last one. */
  #budget(startMs: number): () => boolean {
    let lastMs = startMs;
    return () => {
      const nowMs = this.#host.nowMs();
      const endMs = nowMs + (nowMs - lastMs);
      lastMs = nowMs;
      return endMs - startMs < BUDGET_MS;
    };
  }

  /** Takes a paint's cost from what was saved; returns how long it takes to save what was missing. */
  #spend(startMs: number, costMs: number): number {
    const saved = Math.min(SAVED_MS, this.#savedMs + (startMs - this.#savedAtMs) * TIME_SHARE) - costMs;
    this.#savedMs = saved;
    this.#savedAtMs = startMs;
    return -saved / TIME_SHARE;
  }
}
