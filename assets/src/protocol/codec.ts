/** JSON text to frames and back. What passes `decode` has exactly the declared fields, with their types. */

import { ProtocolError } from "./errors";
import { parseFrameId } from "./frame-id";
import type { ClientFrame, FileRef, OutputKind, ServerFrame } from "./frames";

export type Check = (value: unknown) => boolean;

/** One check for each field of each frame: the compiler refuses a missing or superfluous one. */
type Shapes = {
  readonly [F in ServerFrame as F["type"]]: { readonly [K in Exclude<keyof F, "type">]-?: Check };
};

export const isString: Check = (value) => typeof value === "string";
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFrameId: Check = (value) => typeof value === "string" && parseFrameId(value) !== null;
const KINDS: Readonly<Record<OutputKind, true>> = {
  text: true,
  reasoning: true,
  component: true,
  tool: true,
  source: true,
  file: true,
  ask: true,
  action: true,
  steer: true,
  view: true,
  status: true,
  usage: true,
  problem: true,
};
const isKind: Check = (value) => typeof value === "string" && Object.hasOwn(KINDS, value);
export const isTexts: Check = (value) => Array.isArray(value) && value.every(isString);
export const isNull: Check = (value) => value === null;
export const either = (one: Check, other: Check): Check => (value) => one(value) || other(value);
export const optional = (check: Check): Check => (value) => value === undefined || check(value);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isMessage: Check = (value) =>
  isObject(value) &&
  isString(value["id"]) &&
  either(isString, isNull)(value["parent"]) &&
  (value["role"] === "user" || value["role"] === "assistant");

export const isFile = (value: unknown): value is FileRef =>
  isObject(value) &&
  isString(value["id"]) &&
  isString(value["name"]) &&
  isCount(value["size"]) &&
  isString(value["type"]);

const isParts: Check = (value) =>
  Array.isArray(value) &&
  value.every(
    (part) =>
      isObject(part) &&
      isKind(part["kind"]) &&
      isString(part["text"]) &&
      typeof part["ended"] === "boolean" &&
      optional(isCount)(part["ms"]),
  );

const output = { run: isString, id: isFrameId };
const terminal = { ...output, message: either(isMessage, isNull) };

const SHAPES: Shapes = {
  welcome: { v: isCount, heartbeat_ms: isCount, idle_ms: isCount, max_prompt_chars: isCount },
  accepted: { run: isString, message: isMessage, model: optional(isString), view: optional(isString) },
  "need-history": { run: isString },
  "feedback-taken": { run: isString },
  uploaded: { file: isFile },
  refused: {
    code: isString,
    text: isString,
    run: optional(isString),
    ref: optional(isString),
    retry_ms: optional(isCount),
    delivery: optional(isString),
  },
  ping: {},
  pong: {},
  bye: { code: isString, retry_ms: isCount },
  "part-start": { ...output, part: isCount, kind: isKind },
  "text-delta": { ...output, part: isCount, d: isString },
  "text-splice": { ...output, part: isCount, at: isCount, remove: isCount, d: isString },
  "part-end": { ...output, part: isCount, ms: optional(isCount) },
  snapshot: { ...output, parts: isParts },
  finish: { ...terminal, suggestions: optional(isTexts) },
  stopped: terminal,
  error: { ...terminal, code: isString, text: isString, ref: either(isString, isNull) },
  interrupted: terminal,
};

export function encode(frames: readonly ClientFrame[]): string {
  return JSON.stringify(frames);
}

/**
 * Reads one wire message.
 *
 * @throws ProtocolError when it is not a non-empty array of known, complete frames. Unknown fields are left out.
 */
export function decode(text: string): ServerFrame[] {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError("not JSON");
  }
  if (!Array.isArray(message) || message.length === 0) {
    throw new ProtocolError("not an array of frames");
  }
  return message.map(readFrame);
}

function readFrame(value: unknown): ServerFrame {
  if (!isObject(value)) {
    throw new ProtocolError("a frame is not an object");
  }
  const type = value["type"];
  if (typeof type !== "string" || !Object.hasOwn(SHAPES, type)) {
    throw new ProtocolError(`unknown frame type ${JSON.stringify(type)}`);
  }
  const frame: Record<string, unknown> = { type };
  for (const [field, check] of Object.entries<Check>(SHAPES[type as ServerFrame["type"]])) {
    if (!check(value[field])) {
      throw new ProtocolError(`bad field ${field} in ${type}`);
    }
    if (value[field] !== undefined) {
      frame[field] = value[field];
    }
  }
  return frame as unknown as ServerFrame;
}
