import type { MessageFiles } from "../attachments/message-files.js";
import type { WaitingState } from "../state.js";
import type { Announcer } from "./announcer.js";
import { createElement } from "./element.js";
import { labels } from "./labels.js";
import { createTextButton } from "./text-button.js";

export interface WaitingListOptions {
  readonly files: Pick<MessageFiles, "create">;
  readonly announcer: Pick<Announcer, "announce">;
  readonly onSendNow: (message: WaitingState) => void;
  readonly onWithdraw: (message: WaitingState) => void;
  /** Something that is to be seen has come, in answer to what the reader did. */
  readonly onReveal: (element: HTMLElement) => void;
  /** What had the focus goes. */
  readonly onFocusLost: () => void;
}

interface Item {
  readonly element: HTMLElement;
  readonly note: HTMLElement;
  status: WaitingState["status"] | null;
}

/** Messages that were sent while an answer was being written, below it, with what they wait for. */
export class WaitingList {
  readonly #transcript: HTMLElement;
  readonly #options: WaitingListOptions;
  readonly #element: HTMLElement;
  readonly #items = new Map<string, Item>();
  #shown: readonly WaitingState[] | null = null;

  /** @param transcript at whose end it stands, while there are any. */
  constructor(transcript: HTMLElement, options: WaitingListOptions) {
    this.#transcript = transcript;
    this.#options = options;
    this.#element = createElement(transcript.ownerDocument, "div", "chat-waiting");
    this.#element.setAttribute("role", "group");
    this.#element.setAttribute("aria-label", labels.waitingMessages);
  }

  render(waiting: readonly WaitingState[]): void {
    const before = this.#shown;
    if (waiting === before) {
      return;
    }
    this.#shown = waiting;
    const hadFocus = this.#element.contains(this.#element.ownerDocument.activeElement);
    this.#removeGone(waiting);
    const fresh = waiting.filter(({ key }) => !this.#items.has(key));
    waiting.forEach((message) => this.#show(message));
    if (waiting.length === 0) {
      this.#element.remove();
    } else if (!this.#element.isConnected) {
      this.#transcript.append(this.#element);
    }
    if (hadFocus && !this.#element.contains(this.#element.ownerDocument.activeElement)) {
      this.#options.onFocusLost();
    }
    // What the page begins with is no news.
    if (before) {
      this.#tell(waiting, before, fresh);
    }
  }

  destroy(): void {
    this.#element.remove();
  }

  #tell(waiting: readonly WaitingState[], before: readonly WaitingState[], fresh: readonly WaitingState[]): void {
    const [first] = fresh;
    if (first) {
      this.#options.announcer.announce(labels.waitingSaid[first.status]);
      this.#options.onReveal(this.#element);
    } else if (waiting.some(({ status }) => status === "held") && !before.some(({ status }) => status === "held")) {
      this.#options.announcer.announce(labels.waitingSaid.held);
    }
  }

  #removeGone(waiting: readonly WaitingState[]): void {
    const keys = new Set(waiting.map(({ key }) => key));
    for (const [key, { element }] of this.#items) {
      if (!keys.has(key)) {
        element.remove();
        this.#items.delete(key);
      }
    }
  }

  #show(message: WaitingState): void {
    let item = this.#items.get(message.key);
    if (!item) {
      item = this.#create(message);
      this.#items.set(message.key, item);
      this.#element.append(item.element);
    }
    if (item.status !== message.status) {
      item.status = message.status;
      item.element.dataset["status"] = message.status;
      item.note.replaceChildren(...this.#note(message));
    }
  }

  #create(message: WaitingState): Item {
    const document = this.#element.ownerDocument;
    const element = createElement(document, "div", "chat-message-wrapper chat-message-waiting");
    const bubble = createElement(document, "div", "chat-message-bubble chat-user-message chat-user-text", message.text);
    bubble.dir = "auto";
    bubble.hidden = message.text === "";
    const note = createElement(document, "div", "chat-message-note chat-message-pending");
    const files = this.#options.files.create(message);
    const speaker = createElement(document, "span", "chat-visually-hidden", `${labels.you}: `);
    element.append(speaker, ...(files ? [files] : []), bubble, note);
    return { element, note, status: null };
  }

  #note(message: WaitingState): HTMLElement[] {
    const document = this.#element.ownerDocument;
    const { onSendNow, onWithdraw } = this.#options;
    const sentence = createElement(document, "span", "chat-message-sentence", labels.waiting[message.status]);
    const sendNow = createTextButton(document, labels.sendNow, () => onSendNow(message));
    const withdraw = createTextButton(document, labels.withdraw, () => onWithdraw(message));
    switch (message.status) {
      case "held":
        return [sentence, sendNow, withdraw];
      case "queued":
      case "unsent":
        return [sentence, withdraw];
      case "unread":
        return [sentence];
    }
  }
}
