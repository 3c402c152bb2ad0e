import type { Cancel, Clock } from "../clock";
import type { SetProps } from "../dash";
import { decode, encode } from "../protocol/codec";
import type { ClientFrame, ServerFrame } from "../protocol/frames";
import { Receipts } from "./receipts";
import type { SocketTap } from "./socket-tap";
import { FIRST_MESSAGE_TIMEOUT_MS, type Session, type Transport, type TransportEvents } from "./types";

/** How long the component may take to construct its socket. */
const CAPTURE_TIMEOUT_MS = 4_000;
/** A chat that has just been rendered may not be known to Dash yet, so the same URL is set again until it acts on it. */
const SET_URL_EVERY_MS = 250;

/** `WebSocket.CLOSED`. */
const CLOSED = 3;

export interface WebSocketTransportOptions {
  /** The id of the dash_extensions.WebSocket component. */
  readonly component: string;
  /** Absolute, and different for each attempt: the component opens a socket only when its URL changes. */
  readonly url: string;
  readonly setProps: SetProps;
  readonly tap: SocketTap;
  readonly clock: Clock;
}

/**
 * Talks over the socket that a dash_extensions.WebSocket component owns.
 *
 * The component opens and closes the socket and keeps its `state`. Messages never reach it: its `message` property is
 * a register that loses all but the last of a burst, and each one costs a render.
 */
export class WebSocketTransport implements Transport {
  readonly answersPings = true;
  readonly #options: WebSocketTransportOptions;
  readonly #session: Session;
  readonly #events: TransportEvents;
  readonly #listeners = new AbortController();
  readonly #receipts = new Receipts();
  #socket: WebSocket | null = null;
  #stopExpecting: Cancel = () => {};
  #cancelDeadline: Cancel = () => {};
  #cancelSetUrl: Cancel = () => {};

  constructor(options: WebSocketTransportOptions, session: Session, events: TransportEvents) {
    this.#options = options;
    this.#session = session;
    this.#events = events;
  }

  get listening(): boolean {
    return this.#socket !== null && !this.#listeners.signal.aborted;
  }

  get tried(): boolean {
    return this.#socket !== null;
  }

  get unsentBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  open(): void {
    const { tap, url, clock } = this.#options;
    this.#stopExpecting = tap.expect(url, (socket) => this.#capture(socket));
    this.#cancelDeadline = clock.after(CAPTURE_TIMEOUT_MS, () => this.#fail());
    this.#setUrl();
  }

  send(frames: readonly ClientFrame[]): void {
    // One frame a message, so that the pieces of a long history do not add up to more than the server takes.
    for (const frame of frames) {
      this.#socket?.send(encode([frame]));
      this.#receipts.sent(frame);
    }
  }

  resume(): void {
    this.send([this.#session.hello()]);
  }

  probe(): void {
    this.send([{ type: "ping" }]);
  }

  close(): void {
    if (this.#listeners.signal.aborted) {
      return;
    }
    this.#release();
    // The component drops its handlers before it closes its socket, so it would go on showing the old state.
    this.#options.setProps(this.#options.component, { url: "", state: { readyState: CLOSED } });
    this.#socket?.close();
  }

  #setUrl(): void {
    const { component, url, setProps, clock } = this.#options;
    setProps(component, { url });
    if (this.#socket === null) {
      this.#cancelSetUrl = clock.after(SET_URL_EVERY_MS, () => this.#setUrl());
    }
  }

  #capture(socket: WebSocket): void {
    this.#socket = socket;
    this.#cancelSetUrl();
    this.#cancelDeadline();
    this.#cancelDeadline = this.#options.clock.after(FIRST_MESSAGE_TIMEOUT_MS, () => this.#fail());
    const { signal } = this.#listeners;
    socket.addEventListener("open", () => this.#opened(), { signal });
    socket.addEventListener("message", (event: MessageEvent<unknown>) => this.#received(event), { signal });
    socket.addEventListener("close", () => this.#lost(), { signal });
  }

  #opened(): void {
    this.#events.heard();
    this.resume();
    this.#events.opened();
  }

  #received(event: MessageEvent<unknown>): void {
    event.stopImmediatePropagation();
    this.#cancelDeadline();
    let frames: readonly ServerFrame[];
    try {
      frames = decode(String(event.data));
    } catch {
      this.#fail();
      return;
    }
    this.#events.heard();
    const delivered = frames.flatMap(({ type }) => (type === "pong" ? this.#receipts.pong() : []));
    this.#events.delivered(delivered);
    this.#events.received(frames);
  }

  /** Ends what is of no use any more. */
  #fail(): void {
    this.close();
    this.#events.closed();
  }

  /** The socket has ended by itself; the component has seen that too. */
  #lost(): void {
    this.#release();
    this.#events.closed();
  }

  #release(): void {
    this.#listeners.abort();
    this.#stopExpecting();
    this.#cancelDeadline();
    this.#cancelSetUrl();
  }
}
