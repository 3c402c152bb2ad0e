import { MarkdownRenderer } from "../markdown/markdown-view.js";
import { Sanitizer } from "../markdown/sanitizer.js";
import type { ChatState, ChatViewEvents, ChatViewLike } from "../state.js";
import { BottomFollower } from "./bottom-follower.js";
import { Composer } from "./composer.js";
import { createElement } from "./element.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";
import { browserFrames, PaintScheduler, type FrameHost } from "./paint-scheduler.js";
import { StatusLine } from "./status-line.js";
import { Transcript } from "./transcript.js";

/**
 * Shows one chat in the elements that the page has made for it, and reports what its user does.
 *
 * `update` is cheap and may be called for every frame that arrives: it keeps the state, painting follows.
 */
export class ChatView implements ChatViewLike {
  readonly #root: HTMLElement;
  readonly #events: ChatViewEvents;
  readonly #scheduler: PaintScheduler;
  readonly #transcript: Transcript;
  readonly #composer: Composer;
  readonly #statusLine: StatusLine;
  readonly #follower: BottomFollower;
  readonly #scrollButton: HTMLButtonElement;
  readonly #listeners: AbortController;
  #state: ChatState | null = null;
  #painted: ChatState | null = null;

  constructor(root: HTMLElement, events: ChatViewEvents, frames?: FrameHost) {
    const document = root.ownerDocument;
    const window = document.defaultView!;
    this.#root = root;
    this.#events = events;
    this.#listeners = new window.AbortController();
    this.#scheduler = new PaintScheduler(() => this.#paint(), frames ?? browserFrames(window));

    const transcript = part(root, "transcript");
    const status = part(root, "status");
    this.#transcript = new Transcript(transcript, {
      document,
      markdown: new MarkdownRenderer(new Sanitizer(window)),
      onRetry: () => this.#retry(),
    });
    this.#statusLine = new StatusLine(status);
    this.#composer = new Composer(part(root, "composer"), part(root, "send"), {
      submit: (text) => this.#submit(text),
      stop: () => events.stop(),
      engage: () => events.engage(),
    });
    this.#scrollButton = createElement(document, "button", "chat-scroll-button");
    this.#scrollButton.type = "button";
    this.#scrollButton.title = labels.scrollToLatest;
    this.#scrollButton.setAttribute("aria-label", labels.scrollToLatest);
    this.#scrollButton.append(createIcon(document, "down"));
    status.append(this.#scrollButton);
    this.#follower = new BottomFollower(
      transcript,
      this.#scrollButton,
      (changed) => new window.ResizeObserver(changed),
    );
    root.addEventListener("keydown", (event) => this.#onKey(event), { signal: this.#listeners.signal });
  }

  update(state: ChatState): void {
    this.#state = state;
    // Not at the next frame: a key pressed until then must already mean what the state says.
    this.#composer.setLive(this.#isLive);
    this.#scheduler.request();
  }

  destroy(): void {
    this.#scheduler.cancel();
    this.#listeners.abort();
    this.#follower.destroy();
    this.#composer.destroy();
    this.#statusLine.destroy();
    this.#transcript.destroy();
    this.#scrollButton.remove();
  }

  get #isLive(): boolean {
    return this.#state?.status === "submitted" || this.#state?.status === "streaming";
  }

  #paint(): void {
    const state = this.#state;
    if (!state) {
      return;
    }
    const isLive = this.#isLive;
    if (state.status !== this.#painted?.status || state.connection !== this.#painted.connection) {
      this.#root.dataset["chatStatus"] = state.status;
      this.#root.dataset["chatConnection"] = state.connection;
    }
    this.#transcript.render(state.messages, isLive);
    this.#statusLine.render(state, isLive);
    this.#follower.settle();
    if (!this.#painted) {
      this.#composer.reportFocus();
    }
    this.#painted = state;
  }

  #submit(text: string): boolean {
    const isTaken = this.#events.submit(text);
    if (isTaken) {
      this.#follower.follow();
      this.#scheduler.request();
    }
    return isTaken;
  }

  #retry(): void {
    if (!this.#isLive) {
      this.#follower.follow();
      // The button goes with its message; the focus would fall out of the chat.
      this.#composer.focus();
      this.#events.retry();
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && this.#isLive) {
      event.preventDefault();
      this.#events.stop();
    }
  }
}

function part(root: HTMLElement, name: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(`[data-chat-part="${name}"]`);
  if (!element) {
    throw new Error(`The chat has no element with data-chat-part="${name}".`);
  }
  return element;
}
