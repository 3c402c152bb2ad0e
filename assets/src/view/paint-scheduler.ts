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
 * Every second frame of a 60 Hz screen, and a little less, for clocks that differ: at 100 tokens a second the page is
 * busy for 14 % of the time, painting each frame for 22 %, and the text is on average 8 ms later.
 */
const INTERVAL_MS = 30;

/** Painting may take this share of the time, so that an answer of any shape leaves the page usable. */
const TIME_SHARE = 0.12;

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
  readonly #paint: () => void;
  readonly #host: FrameHost;
  #frame: number | null = null;
  #timer: number | null = null;
  #notBeforeMs = 0;

  constructor(paint: () => void, host: FrameHost) {
    this.#paint = paint;
    this.#host = host;
  }

  request(): void {
    if (this.#timer !== null) {
      return;
    }
    this.#timer = this.#host.setTimer(() => this.#run(), LATEST_MS);
    this.#requestFrame();
  }

  cancel(): void {
    if (this.#timer !== null) {
      this.#host.clearTimer(this.#timer);
      this.#timer = null;
    }
    if (this.#frame !== null) {
      this.#host.cancelFrame(this.#frame);
      this.#frame = null;
    }
  }

  #requestFrame(): void {
    this.#frame = this.#host.requestFrame(() => {
      if (this.#host.nowMs() < this.#notBeforeMs) {
        this.#requestFrame();
      } else {
        this.#run();
      }
    });
  }

  #run(): void {
    this.cancel();
    const startMs = this.#host.nowMs();
    this.#paint();
    const costMs = this.#host.nowMs() - startMs;
    this.#notBeforeMs = startMs + Math.max(INTERVAL_MS, costMs / TIME_SHARE);
  }
}
