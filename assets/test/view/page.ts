import { JSDOM } from "jsdom";
import type { Looks } from "../../src/config.js";
import type { FileRef } from "../../src/protocol/frames.js";
import type { ChatState, ChatViewEvents, MessageState, MessageStatus, PartState, Rating } from "../../src/state.js";
import type { FrameHost } from "../../src/view/paint-scheduler.js";

const FRAME_MS = 16;

/** Frames and timers that come when the test says so. */
export class ManualFrames implements FrameHost {
  readonly #frames = new Map<number, () => void>();
  readonly #timers = new Map<number, { readonly callback: () => void; readonly atMs: number }>();
  #handles = 0;
  #nowMs = 0;

  requestFrame(callback: () => void): number {
    this.#handles += 1;
    this.#frames.set(this.#handles, callback);
    return this.#handles;
  }

  cancelFrame(handle: number): void {
    this.#frames.delete(handle);
  }

  setTimer(callback: () => void, delayMs: number): number {
    this.#handles += 1;
    this.#timers.set(this.#handles, { callback, atMs: this.#nowMs + delayMs });
    return this.#handles;
  }

  clearTimer(handle: number): void {
    this.#timers.delete(handle);
  }

  nowMs(): number {
    return this.#nowMs;
  }

  get pending(): number {
    return this.#frames.size + this.#timers.size;
  }

  get requested(): number {
    return this.#frames.size;
  }

  /** Lets time pass without a frame, as on a hidden page or inside a slow paint. */
  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [handle, { callback, atMs }] of [...this.#timers]) {
      if (atMs <= this.#nowMs && this.#timers.delete(handle)) {
        callback();
      }
    }
  }

  /** Lets the clock run on without any timer coming due. */
  spend(ms: number): void {
    this.#nowMs += ms;
  }

  /** Goes to the next frame of the screen. */
  frame(): void {
    this.pass(FRAME_MS - (this.#nowMs % FRAME_MS));
    const due = [...this.#frames.values()];
    this.#frames.clear();
    due.forEach((callback) => callback());
  }

  /** Frames until everything asked for has been painted. */
  settle(): void {
    while (this.pending > 0) {
      this.frame();
    }
  }
}

/** Tells that elements have come near what is seen when the test says so. */
export class FakeIntersections {
  static latest: FakeIntersections;
  readonly observed = new Set<Element>();
  readonly #changed: (entries: { isIntersecting: boolean; target: Element }[]) => void;

  constructor(changed: (entries: { isIntersecting: boolean; target: Element }[]) => void) {
    this.#changed = changed;
    FakeIntersections.latest = this;
  }

  observe(element: Element): void {
    this.observed.add(element);
  }

  unobserve(element: Element): void {
    this.observed.delete(element);
  }

  disconnect(): void {
    this.observed.clear();
  }

  approach(...elements: Element[]): void {
    this.#changed(elements.map((target) => ({ isIntersecting: true, target })));
  }
}

export const LOOKS: Looks = {
  name: "Analyst",
  description: "Knows the figures.",
  exampleQuestions: ["How much?", "Why?"],
  submitKey: "enter",
  anchor: "bottom",
  whileAnswering: "wait",
  feedback: true,
  maxCommentChars: 2_000,
  history: false,
};

/** A page with one chat as Python makes it. */
export class ChatPage {
  readonly window = new JSDOM(
    `<div class="chat-root vizro-ws-chat" id="chat" data-vizro-ws-chat='{}'>
       <div class="chat-history-section">
         <div id="chat-rendered-messages" class="chat-history-container" data-chat-part="transcript"></div>
         <div class="chat-empty" hidden data-chat-part="empty"></div>
        <div id="chat-hidden-messages" hidden data-chat-part="components"></div>
       </div>
       <div class="chat-input-section"><div class="chat-input-inner" data-chat-part="composer">
         <div data-chat-part="status"></div>
         <div id="chat-data-info" class="chat-data-info" data-chat-part="attachments"></div>
         <textarea id="chat-chat-input" class="chat-input" placeholder="Ask" rows="1"></textarea>
         <div class="chat-button-row"><div class="chat-left-buttons">
             <button type="button" id="chat-upload" data-chat-part="attach"></button>
             <button type="button" id="chat-example-questions-button" data-chat-part="examples"></button>
             <button type="button" data-chat-part="menu"></button></div>
           <button type="button" class="chat-steer-button" hidden data-chat-part="steer"></button>
           <button type="button" id="chat-send-button" class="chat-send-button" data-chat-part="send"></button></div>
       </div></div>
     </div>`,
    { pretendToBeVisual: true },
  ).window;
  readonly root = this.part(".vizro-ws-chat");
  readonly transcript = this.part('[data-chat-part="transcript"]');
  readonly composer = this.part('[data-chat-part="composer"]');
  readonly status = this.part('[data-chat-part="status"]');
  readonly send = this.part('[data-chat-part="send"]');
  readonly steer = this.part('[data-chat-part="steer"]');
  readonly empty = this.part('[data-chat-part="empty"]');
  readonly menu = this.part('[data-chat-part="menu"]');
  readonly examples = this.part('[data-chat-part="examples"]');
  readonly field = this.part("textarea") as HTMLTextAreaElement;

  constructor() {
    Object.assign(this.window, { matchMedia: () => Object.assign(new this.window.EventTarget(), { matches: true }) });
    // jsdom has no layout, so nothing ever changes its size.
    this.window.ResizeObserver = class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    };
    this.window.IntersectionObserver = FakeIntersections as unknown as typeof IntersectionObserver;
  }

  part(selector: string): HTMLElement {
    return this.window.document.querySelector<HTMLElement>(selector)!;
  }

  /** What has a name, for screen readers or as its text. */
  button(name: string, within: ParentNode = this.root): HTMLButtonElement {
    const buttons = [...within.querySelectorAll("button")];
    return buttons.find((button) => (button.getAttribute("aria-label") ?? button.textContent) === name)!;
  }

  get focused(): Element | null {
    return this.window.document.activeElement;
  }

  type(field: HTMLTextAreaElement, text: string): void {
    field.value = text;
    field.dispatchEvent(new this.window.Event("input", { bubbles: true }));
  }

  press(key: string, init: KeyboardEventInit = {}, target: HTMLElement = this.field): KeyboardEvent {
    const event = new this.window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
    target.dispatchEvent(event);
    return event;
  }

  click(target: HTMLElement, detail = 1): void {
    target.dispatchEvent(new this.window.MouseEvent("click", { bubbles: true, cancelable: true, detail }));
  }

  /** Gives the transcript, which jsdom never lays out, a size. */
  layOut(scrollHeight: number, clientHeight: number): void {
    Object.defineProperties(this.transcript, {
      scrollHeight: { value: scrollHeight, configurable: true },
      clientHeight: { value: clientHeight, configurable: true },
    });
    let top = this.transcript.scrollTop;
    Object.defineProperty(this.transcript, "scrollTop", {
      get: () => top,
      set: (value: number) => (top = Math.max(0, Math.min(value, scrollHeight - clientHeight))),
      configurable: true,
    });
  }

  /** Scrolls as a reader does. */
  scrollTo(top: number): void {
    this.transcript.scrollTop = top;
    this.transcript.dispatchEvent(new this.window.Event("scroll"));
  }
}

/** Records what the view reports. */
export class RecordedEvents implements ChatViewEvents {
  readonly log: string[] = [];
  takes = true;

  submit(text: string, attachments: readonly FileRef[] = []): boolean {
    this.log.push(["submit", text, ...attachments.map(({ name }) => `+ ${name}`)].join(" "));
    return this.takes;
  }

  stop(): void {
    this.log.push("stop");
  }

  retry(): void {
    this.log.push("retry");
  }

  regenerate(key: string): boolean {
    this.log.push(`regenerate ${key}`);
    return this.takes;
  }

  edit(key: string, text: string): boolean {
    this.log.push(`edit ${key}: ${text}`);
    return this.takes;
  }

  switchBranch(key: string, step: -1 | 1): void {
    this.log.push(`switch ${key} ${step}`);
  }

  rate(key: string, rating: Rating | null, comment: string): boolean {
    this.log.push(`rate ${key} ${rating}: ${comment}`);
    return this.takes;
  }

  answer(key: string, part: PartState, value: unknown): boolean {
    this.log.push(`answer ${key} ${part.text}: ${JSON.stringify(value)}`);
    return this.takes;
  }

  undo(key: string, { text }: PartState): void {
    this.log.push(`undo ${key} ${text}`);
  }

  clear(): void {
    this.log.push("clear");
  }

  undoClear(): void {
    this.log.push("undo clear");
  }

  withdraw(key: string): boolean {
    this.log.push(`withdraw ${key}`);
    return this.takes;
  }

  sendNow(key: string): boolean {
    this.log.push(`send now ${key}`);
    return this.takes;
  }

  tryNow(): void {
    this.log.push("try now");
  }

  engage(): void {
    this.log.push("engage");
  }
}

const BLANK = {
  error: null,
  pending: false,
  attachments: [] as const,
  createdMs: Date.UTC(2026, 10, 27),
  model: null,
  branch: { index: 0, count: 1 },
  rating: null,
  view: null,
  suggestions: [] as const,
  doing: "",
  usage: null,
} as const;

export function question(key: string, text: string): MessageState {
  const parts = [{ kind: "text", text, ended: true } as const];
  return { ...BLANK, key, role: "user", parts, status: "done" };
}

export function answer(key: string, text: string, status: MessageStatus, error: MessageState["error"] = null): MessageState {
  const parts = text === "" ? [] : [{ kind: "text", text, ended: status !== "streaming" } as const];
  return { ...BLANK, key, role: "assistant", parts, status, error };
}

const NOTHING_WAITS: ChatState["waiting"] = [];

export function chat(messages: readonly MessageState[], rest: Partial<ChatState> = {}): ChatState {
  return { messages, waiting: NOTHING_WAITS, status: "ready", connection: "open", stalled: false, notice: null, cleared: false, thread: null, ...rest };
}
