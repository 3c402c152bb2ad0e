import type { MessageState } from "../state.js";
import type { Step } from "./branch-switcher.js";
import { labels } from "./labels.js";
import { MessageGroups } from "./message-groups.js";
import { MessageView, type MessageViewOptions } from "./message-view.js";
import { estimateHeight, Sketches } from "./sketches.js";

export interface TranscriptOptions extends MessageViewOptions {
  readonly createObserver: (changed: IntersectionObserverCallback) => IntersectionObserver;
  /** There is something to be painted that no change of the state has brought. */
  readonly onWork: () => void;
}

/** As many of the last messages as fill a screen are rendered at once; earlier ones when they come near. */
const AT_ONCE = 4;
/** The class of messages that the browser need not lay out while they are out of sight. */
const EARLY = "chat-message-early";

/** All messages, in the scrolling element. */
export class Transcript {
  readonly #element: HTMLElement;
  readonly #options: TranscriptOptions;
  readonly #views = new Map<string, MessageView>();
  readonly #groups: MessageGroups;
  readonly #sketches: Sketches;
  readonly #listeners: AbortController;
  #messages: readonly MessageState[] = [];
  /** Where a reader has gone to another version, and which way: the focus goes with them. */
  #switched: { readonly index: number; readonly step: Step } | null = null;
  #hasBegun = false;
  /** Of the messages that have failed, those that were told of. */
  readonly #failed = new Set<string>();

  constructor(element: HTMLElement, options: TranscriptOptions) {
    const { document, createObserver, onWork } = options;
    const window = document.defaultView!;
    this.#element = element;
    this.#options = {
      ...options,
      onSwitch: (message, step) => {
        this.#switched = { index: this.#messages.findIndex(({ key }) => key === message.key), step };
        options.onSwitch(message, step);
      },
    };
    this.#groups = new MessageGroups(element);
    this.#sketches = new Sketches(document, createObserver, onWork);
    this.#listeners = new window.AbortController();
    window.addEventListener("beforeprint", () => this.#renderAll(), { signal: this.#listeners.signal });
    element.setAttribute("role", "log");
    // The status line says when an answer begins and ends; reading each token aloud would be unbearable.
    element.setAttribute("aria-live", "off");
    element.setAttribute("aria-label", labels.transcript);
  }

  /** Another conversation comes: what it begins with is no news. */
  beginAnew(): void {
    this.#hasBegun = false;
  }

  render(messages: readonly MessageState[], isLive: boolean): void {
    const busy = String(isLive);
    if (this.#element.getAttribute("aria-busy") !== busy) {
      this.#element.setAttribute("aria-busy", busy);
      this.#views.forEach((view) => view.setBusy(isLive));
    }
    if (messages === this.#messages) {
      return;
    }
    this.#messages = messages;
    // With nothing to scroll, there is nothing to do for the keyboard either.
    this.#element.tabIndex = messages.length > 0 ? 0 : -1;
    // What the page begins with is no news, nor is what is found on another branch.
    const isNews = this.#hasBegun && this.#switched === null;
    this.#hasBegun = true;
    this.#removeGone(messages);
    this.#groups.place(
      messages.map((message, index) => {
        const fromEnd = messages.length - index;
        return {
          element: this.#show(message, fromEnd, isNews),
          height: estimateHeight(message),
          // What an author has made of a message may open something that is larger than the group.
          isEarly: fromEnd > AT_ONCE && message.view === null,
        };
      }),
    );
    this.#followSwitch(messages);
  }

  /** Shows more of what `render` was given, while there is time. Returns whether that is all that is to be seen. */
  advance(isInTime: () => boolean): boolean {
    while (this.#isBehind()) {
      if (!isInTime()) {
        return false;
      }
      this.#advance();
    }
    return true;
  }

  destroy(): void {
    this.#listeners.abort();
    this.#sketches.destroy();
    this.#views.forEach((view) => view.destroy());
    this.#views.clear();
    this.#element.replaceChildren();
  }

  /** @param fromEnd 1 for the last message. */
  #show(message: MessageState, fromEnd: number, isNews: boolean): HTMLElement {
    const { key, role, status } = message;
    const sketch = this.#sketches.get(key);
    if (sketch) {
      return sketch.element;
    }
    if (!this.#views.has(key) && fromEnd > AT_ONCE) {
      return this.#sketches.add(message, role === "user" ? labels.you : this.#options.name);
    }
    const view = this.#view(message);
    view.render(message, fromEnd === 1, isNews && !this.#failed.has(key));
    if (status === "error" || status === "interrupted") {
      // It may come back, when the conversation is cleared and that is undone.
      this.#failed.add(key);
    }
    if (fromEnd > AT_ONCE && !view.element.classList.contains(EARLY)) {
      view.element.classList.add(EARLY);
    }
    return view.element;
  }

  #isBehind(): boolean {
    return this.#sketches.nextNear !== undefined || this.#lastBehind() !== undefined;
  }

  #lastBehind(): MessageView | undefined {
    return [...this.#views.values()].reverse().find(({ isBehind }) => isBehind);
  }

  #advance(): void {
    const key = this.#sketches.nextNear;
    if (key === undefined) {
      this.#lastBehind()?.advance();
    } else {
      this.#renderSketch(key);
    }
  }

  /** Puts the message itself in place of its sketch; what is seen stays where it is. */
  #renderSketch(key: string): void {
    const { message, element } = this.#sketches.get(key)!;
    this.#sketches.delete(key);
    const view = this.#view(message);
    view.element.classList.add(EARLY);
    view.element.style.cssText = element.style.cssText;
    view.render(message, false, false);
    const scroller = this.#element;
    const before = element.getBoundingClientRect();
    element.replaceWith(view.element);
    if (before.bottom <= scroller.getBoundingClientRect().top) {
      scroller.scrollTop += view.element.getBoundingClientRect().height - before.height;
    }
  }

  #renderAll(): void {
    for (const key of [...this.#sketches.keys]) {
      this.#renderSketch(key);
    }
    while (this.#isBehind()) {
      this.#advance();
    }
  }

  #followSwitch(messages: readonly MessageState[]): void {
    const message = this.#switched && messages[this.#switched.index];
    if (this.#switched && message) {
      if (this.#sketches.get(message.key)) {
        this.#renderSketch(message.key);
      }
      this.#views.get(message.key)?.focusSwitcher(this.#switched.step);
    }
    this.#switched = null;
  }

  #view(message: MessageState): MessageView {
    let view = this.#views.get(message.key);
    if (!view) {
      view = this.#createView(message);
    }
    return view;
  }

  #createView({ key, role }: MessageState): MessageView {
    const view = new MessageView(role, this.#options);
    view.setBusy(this.#element.getAttribute("aria-busy") === "true");
    this.#views.set(key, view);
    return view;
  }

  #removeGone(messages: readonly MessageState[]): void {
    const keys = new Set(messages.map(({ key }) => key));
    const early = new Set(messages.slice(0, -AT_ONCE));
    for (const key of [...this.#sketches.keys]) {
      const { message, element } = this.#sketches.get(key)!;
      // One that has changed is rendered.
      if (!early.has(message)) {
        element.remove();
        this.#sketches.delete(key);
        this.#createView(message);
      }
    }
    const { activeElement } = this.#options.document;
    let hadFocus = false;
    for (const [key, view] of this.#views) {
      if (!keys.has(key)) {
        hadFocus ||= view.element.contains(activeElement);
        view.destroy();
        this.#views.delete(key);
      }
    }
    if (hadFocus && !this.#switched) {
      this.#options.onFocusLost();
    }
  }
}
