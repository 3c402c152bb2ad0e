/** One conversation as immutable values. Signed messages know their parent, so that other branches can stand beside it. */

import { textOf } from "../protocol/run-reducer";
import type { MessageState } from "../state";

/** The server's signature over a message's parent, role and content is its id. */
export interface Signature {
  readonly id: string;
  readonly parent: string | null;
}

export interface Entry {
  readonly message: MessageState;
  /** null until the server has signed it, and for ever when it never will: a refused question, an empty answer. */
  readonly signature: Signature | null;
}

/** What is shown, from the first message to the last. */
export type Thread = readonly Entry[];

/** A message as the server wants it in `history`. */
export interface SignedMessage extends Signature {
  readonly role: "user" | "assistant";
  readonly content: string;
}

export function userEntry(key: string, text: string): Entry {
  return {
    message: { key, role: "user", parts: [{ kind: "text", text, ended: true }], status: "done", error: null },
    signature: null,
  };
}

export function answerEntry(key: string): Entry {
  return { message: { key, role: "assistant", parts: [], status: "submitted", error: null }, signature: null };
}

export function find(thread: Thread, key: string): Entry | undefined {
  return thread.find((entry) => entry.message.key === key);
}

/** Returns the same thread when it has no such message: a retried answer is gone while its run may still be heard of. */
export function edit(thread: Thread, key: string, change: (entry: Entry) => Entry): Thread {
  return find(thread, key) === undefined
    ? thread
    : thread.map((entry) => (entry.message.key === key ? change(entry) : entry));
}

export function sign(thread: Thread, key: string, { id, parent }: Signature): Thread {
  return edit(thread, key, (entry) => ({ ...entry, signature: { id, parent } }));
}

/** The id that a message standing at `key` continues: the last signed message before it. */
export function parentOf(thread: Thread, key: string): string | null {
  const index = thread.findIndex((entry) => entry.message.key === key);
  const before = thread.slice(0, index).reverse();
  return before.find((entry) => entry.signature !== null)?.signature?.id ?? null;
}

/** The signed messages from the root to `id`; as far as they are known. */
export function chain(thread: Thread, id: string | null): SignedMessage[] {
  const messages: SignedMessage[] = [];
  const byId = new Map(thread.map((entry) => [entry.signature?.id, entry]));
  for (let next = id; next !== null; ) {
    const entry = byId.get(next);
    if (!entry?.signature || messages.length > thread.length) {
      break;
    }
    const { role, parts } = entry.message;
    messages.unshift({ ...entry.signature, role, content: textOf(parts) });
    next = entry.signature.parent;
  }
  return messages;
}
