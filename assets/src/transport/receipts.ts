import type { ClientFrame } from "../protocol/frames";

/**
 * Tells what the server has certainly read: it reads in order and answers each ping, so a pong stands for all that was
 * sent before its ping.
 */
export class Receipts {
  readonly #awaited: ClientFrame[][] = [];
  #sincePing: ClientFrame[] = [];

  sent(frame: ClientFrame): void {
    if (frame.type === "ping") {
      this.#awaited.push(this.#sincePing);
      this.#sincePing = [];
    } else {
      this.#sincePing.push(frame);
    }
  }

  /** Returns what the pong stands for, and no earlier one did. */
  pong(): readonly ClientFrame[] {
    return this.#awaited.shift() ?? [];
  }
}
