/** What the server tells of the conversations that it keeps. */

import { either, isCount, isFile, isNull, isObject, isString, isTexts, optional, type Check } from "../protocol/codec";
import type { Content } from "../protocol/content";
import { ProtocolError } from "../protocol/errors";
import type { FileRef, PartKind } from "../protocol/frames";
import type { Rating } from "../state";

/** A conversation in the list. */
export interface ThreadSummary {
  readonly id: string;
  readonly title: string;
  /** When something was last said in it, in milliseconds since 1970. */
  readonly updated: number;
}

export interface ThreadPage {
  readonly threads: readonly ThreadSummary[];
  /** What to ask for the next page with; null when there is none. */
  readonly next: string | null;
}

export interface KeptMessage {
  readonly id: string;
  readonly parent: string | null;
  readonly role: "user" | "assistant";
  readonly content: Content;
  /** The one that it is the question or the answer of, where that is known: not of what a browser has brought. */
  readonly run?: string;
  /** In milliseconds since 1970. */
  readonly created: number;
  readonly files?: readonly FileRef[];
  /** What wrote the answer; of a question, what was to write it. */
  readonly model?: string;
  readonly view?: string;
  readonly suggestions?: readonly string[];
  readonly status?: "done" | "stopped" | "error" | "interrupted";
  readonly error?: { readonly text: string; readonly ref: string | null };
  readonly feedback?: { readonly rating: Rating | null };
}

export interface KeptThread {
  readonly id: string;
  readonly title: string;
  /** In the order in which they were made: each after the one that it follows. */
  readonly messages: readonly KeptMessage[];
}

type Fields<T> = { readonly [K in keyof T]-?: Check };

const oneOf =
  (...known: readonly unknown[]): Check =>
  (value) =>
    known.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const fieldsOf =
  <T>(fields: Fields<T>): Check =>
  (value) =>
    isObject(value) && Object.entries<Check>(fields).every(([field, check]) => check(value[field]));

const KINDS: Readonly<Record<PartKind, true>> = {
  text: true,
  reasoning: true,
  component: true,
  tool: true,
  source: true,
  file: true,
  ask: true,
  action: true,
  steer: true,
};
const isPart = fieldsOf<{ kind: PartKind; text: string }>({
  kind: (kind) => isString(kind) && Object.hasOwn(KINDS, kind as string),
  text: isString,
});

const isSummary = fieldsOf<ThreadSummary>({ id: isString, title: isString, updated: isCount });
const isPage = fieldsOf<ThreadPage>({ threads: listOf(isSummary), next: either(isString, isNull) });
const isMessage = fieldsOf<KeptMessage>({
  id: isString,
  parent: either(isString, isNull),
  role: oneOf("user", "assistant"),
  content: either(isString, listOf(isPart)),
  run: optional(isString),
  created: isCount,
  files: optional(listOf(isFile)),
  model: optional(isString),
  view: optional(isString),
  suggestions: optional(isTexts),
  status: optional(oneOf("done", "stopped", "error", "interrupted")),
  error: optional(fieldsOf({ text: isString, ref: either(isString, isNull) })),
  feedback: optional(fieldsOf({ rating: oneOf("up", "down", null) })),
});
const isThread = fieldsOf<KeptThread>({ id: isString, title: isString, messages: listOf(isMessage) });

function reader<T>(check: Check): (value: unknown) => T {
  return (value) => {
    if (!check(value)) {
      throw new ProtocolError("not what the server tells of conversations");
    }
    return value as T;
  };
}

/** Each throws a ProtocolError when it is given something else. */
export const readSummary = reader<ThreadSummary>(isSummary);
export const readPage = reader<ThreadPage>(isPage);
export const readThread = reader<KeptThread>(isThread);
