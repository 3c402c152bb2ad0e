import type { ChatState, ConnectionState } from "../state.js";
import { ActionLine } from "./action-line.js";
import { createElement } from "./element.js";
import { labels } from "./labels.js";

/** What is said while something waits for the connection. */
const SENTENCES: Readonly<Record<ConnectionState, string>> = {
  connecting: labels.connecting,
  reconnecting: labels.reconnecting,
  closing: labels.reconnecting,
  offline: labels.offline,
  open: "",
  closed: "",
};

export interface ConnectionLineEvents {
  tryNow(): void;
  /** The line goes, and with it the button that has the focus. */
  focusLost(): void;
}

/** A quiet line about the connection, over the end of the transcript: it moves nothing as it comes and goes. */
export class ConnectionLine {
  readonly #line: ActionLine;

  constructor(element: HTMLElement, events: ConnectionLineEvents) {
    const document = element.ownerDocument;
    this.#line = new ActionLine(document, {
      className: "chat-connection",
      action: labels.tryNow,
      act: () => events.tryNow(),
      focusLost: () => events.focusLost(),
    });
    const dot = createElement(document, "span", "chat-connection-dot");
    dot.setAttribute("aria-hidden", "true");
    this.#line.element.prepend(dot);
    element.append(this.#line.element);
  }

  /** A notice of the server says more, and takes its place. */
  render({ connection, stalled, notice }: ChatState): void {
    this.#line.render(stalled && notice === null ? SENTENCES[connection] : "");
  }

  destroy(): void {
    this.#line.element.remove();
  }
}
