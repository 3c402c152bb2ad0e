/** The life of a connection as a table: everything that decides which phase follows which is here. */

import type { ConnectionState } from "./state";

/**
 * - `closed`: nothing is wanted of the server.
 * - `connecting`: an attempt is being made.
 * - `open`: frames can be sent.
 * - `closing`: the server has said goodbye; what is on its way is still read.
 * - `waiting`: the next attempt has a time.
 */
export type Phase = "closed" | "connecting" | "open" | "closing" | "waiting";

/**
 * - `open`: something is wanted of the server.
 * - `opened`, `bye`: the transport can be used; the server is about to close it.
 * - `ended`: the transport has ended and nothing is owed; `retry`: it has ended and something is.
 * - `due`: the time of the next attempt has come.
 * - `close`: the chat has left the page, or the connection has been idle.
 */
export type Signal = "open" | "opened" | "bye" | "ended" | "retry" | "due" | "close";

const TRANSITIONS: Readonly<Record<Phase, Readonly<Partial<Record<Signal, Phase>>>>> = {
  closed: { open: "connecting" },
  connecting: { opened: "open", bye: "closing", ended: "closed", retry: "waiting", close: "closed" },
  open: { bye: "closing", ended: "closed", retry: "waiting", close: "closed" },
  closing: { ended: "closed", retry: "waiting", close: "closed" },
  waiting: { due: "connecting", close: "closed" },
};

/** Returns null for a signal that means nothing in this phase. */
export function nextPhase(phase: Phase, signal: Signal): Phase | null {
  return TRANSITIONS[phase][signal] ?? null;
}

/** What else the state depends on. */
export interface Circumstances {
  /** The server has answered, or has not been asked yet. */
  readonly answered: boolean;
  /** It had answered before, on another connection since the chat needed one. */
  readonly lost: boolean;
  /** What the browser says about its network. */
  readonly online: boolean;
}

/** What the user is told. */
export function connectionState(phase: Phase, { answered, lost, online }: Circumstances): ConnectionState {
  if (phase === "closed" || phase === "closing" || (phase === "open" && answered)) {
    return phase;
  }
  if (!online) {
    return "offline";
  }
  return lost ? "reconnecting" : "connecting";
}
