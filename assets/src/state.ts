export interface PartState { readonly kind: "text"; readonly text: string; readonly ended: boolean }
export type MessageStatus = "submitted" | "streaming" | "done" | "stopped" | "error" | "interrupted";
export interface MessageState {
  readonly key: string;                    // stable over the message's life: unique in the chat, for DOM reconciliation
  readonly role: "user" | "assistant";
  readonly parts: readonly PartState[];    // user messages: one text part
  readonly status: MessageStatus;          // user messages: "done"
  readonly error: { readonly text: string; readonly ref: string | null } | null;  // status "error" only
}
export type ChatStatus = "ready" | "submitted" | "streaming" | "error";
export type ConnectionState = "connecting" | "open" | "closing" | "closed";
export interface ChatState {
  readonly messages: readonly MessageState[];   // immutable, structurally shared: an unchanged message is the same object
  readonly status: ChatStatus;
  readonly connection: ConnectionState;
  readonly notice: string | null;               // one plain sentence about the chat itself, else null
}
export interface ChatViewEvents { submit(text: string): boolean /* taken? false keeps the text in the composer */; stop(): void; retry(): void; engage(): void /* composer got focus */ }
export interface ChatViewLike { update(state: ChatState): void; destroy(): void }
