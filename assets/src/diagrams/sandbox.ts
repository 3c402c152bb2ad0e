import type { Cancel, Clock } from "../clock.js";
import type { Drawing, DrawReply } from "./drawing.js";

/** Milliseconds for the frame to load its script, over a slow line too. */
const READY_MS = 30_000;
/** Milliseconds that a diagram may take; one that hangs goes with its frame. */
const DRAW_MS = 10_000;
/** Milliseconds after which a frame that is not used is given up with the memory it holds. */
const IDLE_MS = 30_000;

export interface SandboxOptions {
  readonly window: Window;
  readonly clock: Clock;
  /** The absolute address of the script that draws. */
  readonly script: string;
}

interface Job {
  readonly source: string;
  readonly isDark: boolean;
  readonly done: (drawing: Drawing) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Draws diagrams, one after the other, in a frame without an origin whose policy lets nothing in but the script: what
 * an answer says can neither read the page nor call anywhere.
 */
export class DiagramSandbox {
  readonly #options: SandboxOptions;
  readonly #queue: Job[] = [];
  #frame: HTMLIFrameElement | null = null;
  #isReady = false;
  #current: Job | null = null;
  #id = 0;
  #cancelTimer: Cancel | null = null;
  #whenReady: { resolve: () => void; reject: (error: Error) => void } | null = null;

  constructor(options: SandboxOptions) {
    this.#options = options;
    options.window.addEventListener("message", (event: MessageEvent) => {
      if (this.#frame && event.source === this.#frame.contentWindow) {
        this.#receive(event.data as DrawReply);
      }
    });
  }

  /** Loads the script. @throws Error if it does not come. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#whenReady = { resolve, reject };
      this.#openFrame();
    });
  }

  /** @throws Error if the source is no diagram, or takes too long. */
  draw(source: string, isDark: boolean): Promise<Drawing> {
    return new Promise((done, failed) => {
      this.#queue.push({ source, isDark, done, failed });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current || this.#queue.length === 0) {
      return;
    }
    if (!this.#frame) {
      this.#openFrame();
    } else if (this.#isReady) {
      this.#current = this.#queue.shift()!;
      this.#id += 1;
      const { source, isDark } = this.#current;
      this.#frame.contentWindow!.postMessage({ id: this.#id, source, isDark }, "*");
      this.#after(DRAW_MS, () => this.#giveUp(new Error("The diagram takes too long.")));
    }
  }

  #receive(reply: DrawReply): void {
    if (reply.kind === "ready") {
      this.#isReady = true;
      this.#whenReady?.resolve();
      this.#whenReady = null;
    } else if (this.#current && reply.id === this.#id) {
      const { done, failed } = this.#current;
      this.#current = null;
      if (reply.kind === "drawn") {
        done(reply.drawing);
      } else {
        failed(new Error(reply.reason));
        this.#closeFrame(); // what a diagram that fails has set may break those after it
      }
    }
    if (!this.#current) {
      this.#after(IDLE_MS, () => this.#closeFrame());
      this.#next();
    }
  }

  #openFrame(): void {
    const { window, script } = this.#options;
    const { document } = window;
    const frame = document.createElement("iframe");
    const policy = `default-src 'none'; script-src ${script}; style-src 'unsafe-inline'`;
    frame.setAttribute("sandbox", "allow-scripts");
    frame.setAttribute("aria-hidden", "true");
    frame.tabIndex = -1;
    frame.title = "";
    // Laid out, since what is drawn is measured, but not seen.
    Object.assign(frame.style, {
      border: "0",
      height: "600px",
      left: "0",
      opacity: "0",
      pointerEvents: "none",
      position: "fixed",
      top: "0",
      visibility: "hidden",
      width: "800px",
      zIndex: "-1",
    });
    frame.srcdoc =
      `<!doctype html><html><head><meta charset="utf-8">` +
      `<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}"></head>` +
      `<body><script src="${attribute(script)}"></script></body></html>`;
    this.#frame = frame;
    document.body.append(frame);
    this.#after(READY_MS, () => this.#giveUp(new Error(`${script} did not come.`)));
  }

  #giveUp(error: Error): void {
    this.#closeFrame();
    this.#whenReady?.reject(error);
    this.#whenReady = null;
    // The job under way has had its time. Without a frame that comes up, no other will fare better.
    const lost = this.#current ? [this.#current] : this.#queue.splice(0);
    this.#current = null;
    lost.forEach(({ failed }) => failed(error));
    this.#next();
  }

  #closeFrame(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#frame?.remove();
    this.#frame = null;
    this.#isReady = false;
  }

  #after(delayMs: number, call: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(delayMs, call);
  }
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
