/** What the chat shows: the one interface between the controller and the view. */

export interface PartState {
  readonly kind: "text";
  readonly text: string;
  readonly ended: boolean;
}

export type MessageStatus = "submitted" | "streaming" | "done" | "stopped" | "error" | "interrupted";

export interface MessageState {
  /** Stable over the message's life and unique in the chat, for DOM reconciliation. */
  readonly key: string;
  readonly role: "user" | "assistant";
  /** A user message has exactly one text part. */
  readonly parts: readonly PartState[];
  /** User messages are always "done". */
  readonly status: MessageStatus;
  /** Set with status "error" only. */
  readonly error: { readonly text: string; readonly ref: string | null } | null;
}

export type ChatStatus = "ready" | "submitted" | "streaming" | "error";

export type ConnectionState = "connecting" | "open" | "closing" | "closed";

export interface ChatState {
  /** Immutable and structurally shared: an unchanged message is the same object. */
  readonly messages: readonly MessageState[];
  readonly status: ChatStatus;
  readonly connection: ConnectionState;
  /** One plain sentence about the chat itself (busy, reconnecting, prompt too long), else null. */
  readonly notice: string | null;
}

export interface ChatViewEvents {
  /** Returns whether the text was taken; false keeps it in the composer. */
  submit(text: string): boolean;
  stop(): void;
  /** Answer the last user message again. */
  retry(): void;
  /** The composer got focus. */
  engage(): void;
}

export interface ChatViewLike {
  update(state: ChatState): void;
  destroy(): void;
}
