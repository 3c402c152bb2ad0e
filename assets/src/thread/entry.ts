import type { FileRef } from "../protocol/frames";
import type { MessageState } from "../state";

/** A question belongs to the run that was the first to answer it, an answer to its own. */
const QUESTION = "-question";
const ANSWER = "-answer";

/** The server's signature over a message's parent, role, content and files is its id. */
export interface Signature {
  readonly id: string;
  readonly parent: string | null;
}

/** A message and its place in the conversation. */
export interface Entry {
  readonly message: MessageState;
  /** The key of the message that it follows; null for a first one. */
  readonly parent: string | null;
  /** null until the server has signed it, and for ever when it never will: a refused question, an empty answer. */
  readonly signature: Signature | null;
}

export function questionKey(run: string): string {
  return run + QUESTION;
}

export function answerKey(run: string): string {
  return run + ANSWER;
}

/** The run that wrote an answer. */
export function runOf(answer: string): string {
  return answer.slice(0, -ANSWER.length);
}

export function userEntry(
  key: string,
  parent: string | null,
  text: string,
  createdMs: number,
  attachments: readonly FileRef[] = [],
): Entry {
  const parts = [{ kind: "text" as const, text, ended: true }];
  const message = { ...BLANK, key, role: "user", parts, attachments, status: "done", createdMs } as const;
  return { message, parent, signature: null };
}

export function answerEntry(key: string, parent: string, createdMs: number): Entry {
  return {
    message: { ...BLANK, key, role: "assistant", parts: [], status: "submitted", createdMs },
    parent,
    signature: null,
  };
}

const BLANK = {
  attachments: [],
  error: null,
  pending: false,
  model: null,
  branch: { index: 0, count: 1 },
  rating: null,
  view: null,
  suggestions: [],
  doing: "",
  usage: null,
} as const;
