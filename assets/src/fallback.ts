import type { TransportKind } from "./transport/types";

export type TransportMode = "auto" | TransportKind;

/** Failed attempts in a row after which a WebSocket that never worked is given up. */
const GIVE_UP_AFTER = 2;
/** How long a WebSocket that was given up is not tried again. */
const GIVEN_UP_MS = 5 * 60_000;
/** For so long into an outage, one that has worked is waited for. */
const FAITHFUL_MS = 3_000;

/**
 * Chooses what each attempt is made with: a WebSocket where that works, else SSE.
 *
 * A network that refuses WebSockets does so from the start, so one that has never worked on this page is given up
 * quickly. One that has worked is most likely to work again; if not, both are tried in turn, as they are when SSE
 * fails like the WebSocket: then it is not the WebSocket that the network refuses.
 */
export class Fallback {
  readonly #mode: TransportMode;
  #kind: TransportKind;
  #worked = false;
  /** Neither has worked so far. */
  #undecided = false;
  #failures = 0;
  #givenUpAt: number | null = null;

  constructor(mode: TransportMode) {
    this.#mode = mode;
    this.#kind = mode === "sse" ? "sse" : "websocket";
  }

  /** What the present attempt is made with. */
  get kind(): TransportKind {
    return this.#kind;
  }

  /** Whether it is SSE for want of something better. */
  get fallenBack(): boolean {
    return this.#mode === "auto" && this.#kind === "sse";
  }

  /** Decides anew, after a time in which there was no connection. */
  begin(nowMs: number): void {
    if (this.fallenBack && (this.#givenUpAt === null || nowMs - this.#givenUpAt >= GIVEN_UP_MS)) {
      this.#kind = "websocket";
      this.#failures = 0;
      this.#undecided = false;
    }
  }

  /** Another attempt of an outage; its first one is made with what has just been lost. */
  again(outageMs: number): void {
    const isAwaited = this.#worked && this.#kind === "websocket" && outageMs < FAITHFUL_MS;
    if (this.#mode === "auto" && (this.#worked || this.#undecided) && !isAwaited) {
      this.#kind = this.#kind === "sse" ? "websocket" : "sse";
    }
  }

  /** Something that the server has said has arrived. */
  heard(): void {
    this.#undecided = false;
    if (this.#kind === "websocket") {
      this.#worked = true;
      this.#givenUpAt = null;
    }
  }

  /**
   * The attempt has ended without a word. Returns whether the WebSocket is given up because of that.
   *
   * @param opened whether frames could be sent.
   */
  failed(nowMs: number, opened: boolean): boolean {
    if (this.#mode !== "auto" || this.#worked || this.#undecided) {
      return false;
    }
    if (this.#kind === "sse") {
      this.#undecided = true;
      this.#givenUpAt = null;
      return false;
    }
    this.#failures += 1;
    if (opened && this.#failures < GIVE_UP_AFTER) {
      return false;
    }
    this.#kind = "sse";
    this.#givenUpAt = nowMs;
    return true;
  }
}
