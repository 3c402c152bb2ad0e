import type { ChatState, MessageState, MessageStatus } from "../state.js";
import { openQuestion } from "../thread/open-questions.js";
import { createElement } from "./element.js";
import { labels } from "./labels.js";

/** What is announced when a run has ended; errors and interruptions announce themselves in the transcript. */
const ENDINGS: Readonly<Record<MessageStatus, string>> = {
  submitted: "",
  streaming: "",
  done: labels.complete,
  stopped: labels.stopped,
  error: "",
  interrupted: "",
};

/** The notice above the composer, and what a screen reader says about the run. */
export class StatusLine {
  readonly #notice: HTMLElement;
  readonly #announcement: HTMLElement;
  #wasLive = false;
  #thread: string | null = null;

  constructor(element: HTMLElement) {
    const document = element.ownerDocument;
    this.#notice = createElement(document, "div", "chat-notice");
    this.#announcement = createElement(document, "div", "chat-visually-hidden chat-announcement");
    for (const region of [this.#notice, this.#announcement]) {
      region.setAttribute("role", "status");
      element.append(region);
    }
  }

  render(state: ChatState, isLive: boolean): void {
    setText(this.#notice, state.notice ?? "");
    const last = state.messages.at(-1);
    // Of a conversation that was left, nothing has ended.
    const wasLive = this.#wasLive && state.thread === this.#thread;
    const isOver = this.#wasLive && !isLive;
    this.#thread = state.thread;
    if (last?.pending) {
      // Nobody is generating anything yet; the connection's own line says why.
      setText(this.#announcement, "");
      this.#wasLive = false;
      return;
    }
    if (isLive) {
      setText(this.#announcement, last && isAsking(last) ? labels.asking : labels.generating);
    } else if (isOver) {
      setText(this.#announcement, last && wasLive ? ENDINGS[last.status] : "");
    }
    this.#wasLive = isLive;
  }

  destroy(): void {
    this.#notice.remove();
    this.#announcement.remove();
  }
}

function isAsking({ parts }: MessageState): boolean {
  const part = parts.at(-1);
  return part !== undefined && openQuestion(part) !== null;
}

/** A live region speaks at every write, also of the same text. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
