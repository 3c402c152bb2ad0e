import type { MessageState } from "../state.js";
import { labels } from "./labels.js";
import { MessageView, type MessageViewOptions } from "./message-view.js";

/** All messages, in the scrolling element. */
export class Transcript {
  readonly #element: HTMLElement;
  readonly #options: MessageViewOptions;
  readonly #views = new Map<string, MessageView>();
  #messages: readonly MessageState[] = [];

  constructor(element: HTMLElement, options: MessageViewOptions) {
    this.#element = element;
    this.#options = options;
    element.setAttribute("role", "log");
    // The status line says when an answer begins and ends; reading each token aloud would be unbearable.
    element.setAttribute("aria-live", "off");
    element.setAttribute("aria-label", labels.transcript);
    element.tabIndex = 0;
  }

  render(messages: readonly MessageState[], isLive: boolean): void {
    const busy = String(isLive);
    if (this.#element.getAttribute("aria-busy") !== busy) {
      this.#element.setAttribute("aria-busy", busy);
    }
    if (messages === this.#messages) {
      return;
    }
    this.#messages = messages;
    this.#removeGone(messages);
    let next = this.#element.firstChild;
    messages.forEach((message, index) => {
      const view = this.#view(message);
      view.render(message, index === messages.length - 1);
      if (view.element === next) {
        next = next.nextSibling;
      } else {
        this.#element.insertBefore(view.element, next);
      }
    });
  }

  destroy(): void {
    this.#element.replaceChildren();
    this.#views.clear();
  }

  #view(message: MessageState): MessageView {
    let view = this.#views.get(message.key);
    if (!view) {
      view = new MessageView(message.role, this.#options);
      this.#views.set(message.key, view);
    }
    return view;
  }

  #removeGone(messages: readonly MessageState[]): void {
    const keys = new Set(messages.map(({ key }) => key));
    for (const [key, view] of this.#views) {
      if (!keys.has(key)) {
        view.element.remove();
        this.#views.delete(key);
      }
    }
  }
}
