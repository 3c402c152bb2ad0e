import type { MessageState } from "../state.js";
import { createElement } from "./element.js";
import { labels } from "./labels.js";
import { createTextButton } from "./text-button.js";

export interface MessageNoteEvents {
  onRetry(): void;
  onWithdraw(message: MessageState): void;
}

/** What is said below a message about how it went; null where there is nothing to say. */
export function createNote(
  document: Document,
  message: MessageState,
  isNews: boolean,
  events: MessageNoteEvents,
): HTMLElement | null {
  const { status, error, pending } = message;
  if (pending) {
    const note = createElement(document, "div", "chat-message-note chat-message-pending");
    const withdraw = createTextButton(document, labels.withdraw, () => events.onWithdraw(message));
    note.append(createElement(document, "span", "chat-message-sentence", labels.pending), withdraw);
    return note;
  }
  if (status === "stopped") {
    return createElement(document, "div", "chat-message-note", labels.stopped);
  }
  if (status !== "error" && status !== "interrupted") {
    return null;
  }
  const note = createElement(document, "div", `chat-message-note chat-message-${status}`);
  if (isNews) {
    note.setAttribute("role", "alert");
  }
  const sentence = status === "error" ? (error?.text ?? labels.failed) : labels.interrupted;
  note.append(createElement(document, "div", "chat-message-sentence", sentence));
  if (error?.ref) {
    note.append(createElement(document, "div", "chat-message-reference", labels.reference(error.ref)));
  }
  const retry = createElement(document, "button", "chat-retry-button", labels.retry);
  retry.type = "button";
  retry.addEventListener("click", () => events.onRetry());
  note.append(retry);
  return note;
}
