import type { ByeFrame, RefusedFrame, ServerFrame, WelcomeFrame } from "./protocol/frames";

/** A message from the server, sorted by whom it concerns. */
export interface Inbound {
  readonly welcome: WelcomeFrame | null;
  readonly bye: ByeFrame | null;
  /** A refusal of the whole connection that passes by itself. */
  readonly refused: RefusedFrame | null;
  /** The server asks whether somebody is there. */
  readonly asked: boolean;
  readonly forChat: readonly ServerFrame[];
}

export function sortInbound(frames: readonly ServerFrame[]): Inbound {
  let welcome: WelcomeFrame | null = null;
  let bye: ByeFrame | null = null;
  let refused: RefusedFrame | null = null;
  let asked = false;
  const forChat: ServerFrame[] = [];
  for (const frame of frames) {
    if (frame.type === "welcome") {
      welcome = frame;
    } else if (frame.type === "bye") {
      bye = frame;
    } else if (frame.type === "ping") {
      asked = true;
    } else if (frame.type === "refused" && isTemporary(frame)) {
      refused = frame;
    } else if (frame.type !== "pong") {
      forChat.push(frame);
    }
  }
  return { welcome, bye, refused, asked, forChat };
}

function isTemporary({ run, retry_ms, code }: RefusedFrame): boolean {
  return run === undefined && (retry_ms !== undefined || code === "busy" || code === "rate");
}
