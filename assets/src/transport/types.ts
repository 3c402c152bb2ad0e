/** What the connection needs of a transport. WebSocket and SSE are interchangeable behind it. */

import type { ClientFrame, HelloFrame, ServerFrame } from "../protocol/frames";

export type TransportKind = "websocket" | "sse";

/**
 * One attempt to talk to the server. It is opened once and closed once; the next attempt is a new object.
 *
 * After `close()`, and after it has called `closed`, a transport calls nothing any more.
 */
export interface Transport {
  open(): void;
  /** Only between `opened` and `closed`. */
  send(frames: readonly ClientFrame[]): void;
  /** Says hello again, with the runs to be read as they are now: the answer to a gap. */
  resume(): void;
  /** Only while listening: makes a server that is still there say something at once. */
  probe(): void;
  /** Does nothing when it has ended already. */
  close(): void;
  /**
   * Whether silence means something: a socket or a stream is open. An SSE transport at rest has neither, and a stream
   * that begins with an upload has a deadline of its own.
   */
  readonly listening: boolean;
  /** Whether it has come as far as to use the network. */
  readonly tried: boolean;
  /** Whether a ping asks what brings the answers. */
  readonly answersPings: boolean;
  /** What has not left the browser, as far as it tells; nothing can answer it yet. */
  readonly unsentBytes: number;
}

export interface TransportEvents {
  /** Frames can be sent. */
  opened(): void;
  received(frames: readonly ServerFrame[]): void;
  /** The server has certainly read these; told before what it has answered. */
  delivered(frames: readonly ClientFrame[]): void;
  /** Anything arrived, even a comment. */
  heard(): void;
  /** It ended, or never opened, without `close()` having been called. */
  closed(): void;
}

/** What a transport asks of the chat that it serves. */
export interface Session {
  /** The greeting, with the runs to be read as they are now. */
  hello(): HelloFrame;
  /** Whether the server owes this chat something: an answer, or its end. */
  expecting(): boolean;
}

export type TransportFactory = (kind: TransportKind, session: Session, events: TransportEvents) => Transport;

/** How long an attempt may take until the first message from the server. */
export const FIRST_MESSAGE_TIMEOUT_MS = 10_000;
