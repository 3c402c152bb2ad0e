import type { HistoryFrame } from "../protocol/frames";
import type { SignedMessage } from "./chain";

/**
 * UTF-16 units in one piece. Far below the 262,144 bytes that the server takes at a time, though a unit can be three
 * bytes of UTF-8 or, escaped, more: a slow network should get a whole piece through now and then.
 */
const PIECE_UNITS = 20_000;

/** The answer to `need-history`: the messages' JSON text in pieces, never cut inside a surrogate pair. */
export function historyFrames(run: string, messages: readonly SignedMessage[], pieceUnits = PIECE_UNITS): HistoryFrame[] {
  const json = JSON.stringify(messages.map(({ id, parent, role, content, files }) => ({ id, parent, role, content, files })));
  const pieces: string[] = [];
  for (let start = 0; start < json.length; ) {
    let end = Math.min(start + pieceUnits, json.length);
    if (end < json.length && isHighSurrogate(json.charCodeAt(end - 1))) {
      end -= 1;
    }
    pieces.push(json.slice(start, end));
    start = end;
  }
  return pieces.map((text, index) => ({ type: "history", run, index, count: pieces.length, text }));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
