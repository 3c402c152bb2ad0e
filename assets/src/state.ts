/** What the chat shows: the one interface between the controller and the view. */

import type { FileRef, PartKind } from "./protocol/frames";

export interface PartState {
  readonly kind: PartKind | "problem";
  /** JSON, of what is not streamed. */
  readonly text: string;
  readonly ended: boolean;
  /** For how long it was written, in milliseconds; of reasoning. */
  readonly ms?: number;
  /** Whether its reader has undone what it did on the page. */
  readonly isUndone?: boolean;
}

export type MessageStatus = "submitted" | "streaming" | "done" | "stopped" | "error" | "interrupted";

export interface MessageState {
  /** Stable over the message's life and unique in the chat, for DOM reconciliation. */
  readonly key: string;
  readonly role: "user" | "assistant";
  /** A user message has exactly one part, a text. */
  readonly parts: readonly PartState[];
  /** The files that came with a user message. Their content is on the server, for a while. */
  readonly attachments: readonly FileRef[];
  /** User messages are always "done". */
  readonly status: MessageStatus;
  /** Set with status "error" only. */
  readonly error: { readonly text: string; readonly ref: string | null } | null;
  /** A user message that could not be sent yet and can be withdrawn; its answer is not among the messages then. */
  readonly pending: boolean;
  /** When it was asked, or its answer begun, in milliseconds since 1970. */
  readonly createdMs: number;
  /** What wrote the answer, as the server tells (a model's name); null for user messages and where nobody says. */
  readonly model: string | null;
  /** Where it stands among its alternatives: the versions of a question, the answers to one question. */
  readonly branch: { readonly index: number; readonly count: number };
  /** What its reader thinks of the answer; null for user messages and where nothing was said. */
  readonly rating: Rating | null;
  /** How its author shows it, as the JSON text of Dash components; null: as the chat does. */
  readonly view: string | null;
  /** What could be asked next, of a complete answer. */
  readonly suggestions: readonly string[];
  /** What is being done for the answer at the moment; empty when nobody says. */
  readonly doing: string;
  /** What it has taken, as JSON; null when nobody says. */
  readonly usage: string | null;
}

/** A message that was sent while an answer was being written. */
export interface WaitingState extends Pick<MessageState, "key" | "attachments" | "createdMs"> {
  readonly text: string;
  /**
   * "queued" is asked when the answer is complete, "held" when its reader wants, since the answer was not; "unsent" and
   * "unread" are on their way into the answer, and only the first can be taken back.
   */
  readonly status: "queued" | "held" | "unsent" | "unread";
}

export type Rating = "up" | "down";

export type ChatStatus = "ready" | "submitted" | "streaming" | "error";

/** `connecting` for the first time since it is needed, `reconnecting` after it was open; `offline` says the browser. */
export type ConnectionState = "connecting" | "reconnecting" | "offline" | "open" | "closing" | "closed";

export interface ChatState {
  /** Immutable and structurally shared: an unchanged message is the same object. */
  readonly messages: readonly MessageState[];
  /** Structurally shared, too. */
  readonly waiting: readonly WaitingState[];
  readonly status: ChatStatus;
  readonly connection: ConnectionState;
  /** Something has been waiting for the connection for longer than a short break. */
  readonly stalled: boolean;
  /** One plain sentence about the chat itself (busy, prompt too long), else null. */
  readonly notice: string | null;
  /** A conversation was cleared and can still be brought back. */
  readonly cleared: boolean;
  /** The id of the conversation, as the server keeps it; null before it has one, and where none is kept. */
  readonly thread: string | null;
}

export interface ChatViewEvents {
  /**
   * Asks, or lets wait until the answer that is alive is complete. Returns whether the text and the files with it were
   * taken; false keeps them in the composer.
   */
  submit(text: string, attachments: readonly FileRef[]): boolean;
  stop(): void;
  /** Answer the last user message again. */
  retry(): void;
  /** Answers this answer's question again, as a new branch. Returns whether it was taken: not while an answer is alive. */
  regenerate(key: string): boolean;
  /** Asks `text` in place of the user message `key`, as a new branch. Returns whether it was taken. */
  edit(key: string, text: string): boolean;
  /** Shows the alternative before (-1) or after (+1), unless an answer is alive. */
  switchBranch(key: string, step: -1 | 1): void;
  /** `null` takes the rating back. Returns whether it was taken: not of an answer that the server has not signed. */
  rate(key: string, rating: Rating | null, comment: string): boolean;
  /** Answers a question that a live answer asks in one of its parts. Returns whether it was taken. */
  answer(key: string, part: PartState, value: unknown): boolean;
  /** Undoes what an answer has done on the page. */
  undo(key: string, part: PartState): void;
  /**
   * Empties the chat. A live answer is stopped; but of a conversation that the server keeps it goes on there, and all is in
   * the list of conversations.
   */
  clear(): void;
  /** Brings the cleared conversation back, until something new is asked or the page is reloaded. */
  undoClear(): void;
  /** Asks a message that is held. Returns false when it can't be now. */
  sendNow(key: string): boolean;
  /** Takes a pending or waiting message back, by its key. Returns false when it has been sent after all. */
  withdraw(key: string): boolean;
  /** Connect now, without waiting for the next attempt. */
  tryNow(): void;
  /** The composer got focus. */
  engage(): void;
}

export interface ChatViewLike {
  update(state: ChatState): void;
  destroy(): void;
}
