import { MarkdownView, type MarkdownRenderer } from "../markdown/markdown-view.js";
import type { MessageState } from "../state.js";
import { createElement } from "./element.js";
import { labels } from "./labels.js";

export interface MessageViewOptions {
  readonly document: Document;
  readonly markdown: MarkdownRenderer;
  readonly onRetry: () => void;
}

/** One message of the transcript. */
export class MessageView {
  readonly element: HTMLElement;
  readonly #options: MessageViewOptions;
  readonly #bubble: HTMLElement;
  readonly #waiting: HTMLElement;
  readonly #parts: { readonly container: HTMLElement; readonly view: MarkdownView }[] = [];
  #note: HTMLElement | null = null;
  #message: MessageState | null = null;
  #isLast = false;

  constructor(role: MessageState["role"], options: MessageViewOptions) {
    const { document } = options;
    const isUser = role === "user";
    this.#options = options;
    this.element = createElement(document, "div", "chat-message-wrapper");
    this.element.dataset["role"] = role;
    this.#bubble = createElement(
      document,
      "div",
      `chat-message-bubble ${isUser ? "chat-user-message chat-user-text" : "chat-assistant-message"}`,
    );
    this.#waiting = createElement(document, "div", "chat-loading-message");
    this.#waiting.setAttribute("aria-hidden", "true");
    for (let dot = 0; dot < 3; dot += 1) {
      this.#waiting.append(createElement(document, "span", "chat-loading-dot"));
    }
    const speaker = isUser ? labels.you : labels.assistant;
    this.element.append(createElement(document, "span", "chat-visually-hidden", `${speaker}: `), this.#bubble);
  }

  render(message: MessageState, isLast: boolean): void {
    const previous = this.#message;
    if (message === previous && isLast === this.#isLast) {
      return;
    }
    this.#message = message;
    this.#isLast = isLast;
    if (message !== previous) {
      if (message.role === "user") {
        this.#bubble.textContent = message.parts.map(({ text }) => text).join("");
      } else {
        this.#renderAnswer(message, previous);
      }
    }
    if (message.status !== previous?.status || message.error !== previous?.error) {
      this.element.dataset["status"] = message.status;
      this.#renderNote(message);
    }
    const retry = this.#note?.querySelector("button");
    if (retry) {
      retry.hidden = !isLast;
    }
  }

  #renderAnswer(message: MessageState, previous: MessageState | null): void {
    const isLive = message.status === "submitted" || message.status === "streaming";
    message.parts.forEach((part, index) => {
      const before = previous?.parts[index];
      if (part === before && isLive) {
        return;
      }
      this.#part(index).update(part.text, part.ended || !isLive);
    });
    for (const { container } of this.#parts.splice(message.parts.length)) {
      container.remove();
    }
    const hasText = message.parts.some(({ text }) => text.trim() !== "");
    if (isLive && !hasText) {
      this.#bubble.append(this.#waiting);
    } else {
      this.#waiting.remove();
    }
    this.#bubble.hidden = !isLive && !hasText;
  }

  #part(index: number): MarkdownView {
    const existing = this.#parts[index];
    if (existing) {
      return existing.view;
    }
    const container = createElement(this.#options.document, "div", "assistant-markdown");
    const view = new MarkdownView(container, this.#options.markdown);
    this.#parts.push({ container, view });
    this.#bubble.append(container);
    return view;
  }

  #renderNote(message: MessageState): void {
    this.#note?.remove();
    this.#note = this.#createNote(message);
    if (this.#note) {
      this.element.append(this.#note);
    }
  }

  #createNote({ status, error }: MessageState): HTMLElement | null {
    const { document } = this.#options;
    if (status === "stopped") {
      return createElement(document, "div", "chat-message-note", labels.stopped);
    }
    if (status !== "error" && status !== "interrupted") {
      return null;
    }
    const note = createElement(document, "div", `chat-message-note chat-message-${status}`);
    note.setAttribute("role", "alert");
    const sentence = status === "error" ? (error?.text ?? labels.failed) : labels.interrupted;
    note.append(createElement(document, "div", "chat-message-sentence", sentence));
    if (error?.ref) {
      note.append(createElement(document, "div", "chat-message-reference", labels.reference(error.ref)));
    }
    const retry = createElement(document, "button", "chat-retry-button", labels.retry);
    retry.type = "button";
    retry.addEventListener("click", this.#options.onRetry);
    note.append(retry);
    return note;
  }
}
