import type { Cancel, Clock } from "../clock.js";
import type { ChatState } from "../state.js";
import { nameButton } from "../view/icon-button.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import { part } from "../view/page-part.js";
import { HistoryPanel } from "./history-panel.js";
import { openedThread, type OpenedThread } from "./opened-thread.js";
import type { ThreadApi } from "./thread-api.js";
import { ThreadList } from "./thread-list.js";

/** The chat beside its list. */
export interface ListedChat {
  openThread(thread: OpenedThread | null): boolean;
  discardThread(): void;
  clear(): void;
}

export interface ConversationsOptions {
  readonly api: Pick<ThreadApi, "list" | "read" | "rename" | "remove">;
  readonly clock: Clock;
  readonly createObserver: (changed: () => void) => Pick<ResizeObserver, "observe" | "disconnect">;
  /** Whether a field can have the focus without a keyboard coming up over the screen. */
  hasKeyboard(): boolean;
}

/** Where the list has room beside the conversation, in CSS pixels. */
const BESIDE_WIDTH = 720;
/** What the server takes at most, in general, to write down what was said last. */
const WRITTEN_MS = 500;

/**
 * The list of a reader's conversations, which a button opens and closes: beside the conversation, or over it where that
 * is narrow. Nothing is asked of the server before.
 */
export class Conversations {
  readonly #root: HTMLElement;
  readonly #chat: ListedChat;
  readonly #options: ConversationsOptions;
  readonly #button: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #view: HistoryPanel;
  readonly #list: ThreadList;
  readonly #sizes: Pick<ResizeObserver, "observe" | "disconnect">;
  readonly #listeners: AbortController;
  #isOpen = false;
  #state: ChatState | null = null;
  #cancelRefresh: Cancel = () => {};

  constructor(root: HTMLElement, chat: ListedChat, options: ConversationsOptions) {
    const document = root.ownerDocument;
    this.#root = root;
    this.#chat = chat;
    this.#options = options;
    this.#list = new ThreadList(options.api, options.clock, () => this.#render());
    this.#view = new HistoryPanel(document, `${root.id}-conversations`, {
      open: (thread) => void this.#openThread(thread),
      rename: (thread, title) => void this.#list.rename(thread, title),
      remove: (thread) => void this.#remove(thread),
      search: (text) => this.#list.search(text),
      more: () => void this.#list.more(),
      tryAgain: () => void this.#list.tryAgain(),
      newChat: () => this.#newChat(),
      close: () => this.#close(),
    });
    this.#panel = this.#view.element;
    this.#panel.hidden = true;
    root.append(this.#panel);
    this.#button = part(root, "history");
    this.#button.append(createIcon(document, "threads"));
    nameButton(this.#button, labels.threads);
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.setAttribute("aria-controls", this.#panel.id);
    this.#listeners = new document.defaultView!.AbortController();
    this.#button.addEventListener("click", () => (this.#isOpen ? this.#close() : this.#open()), {
      signal: this.#listeners.signal,
    });
    this.#sizes = options.createObserver(() => this.#place());
    this.#sizes.observe(root);
  }

  /** To be called whenever the chat has changed. */
  show(state: ChatState): void {
    const before = this.#state;
    this.#state = state;
    const isNew = before?.status === "submitted" && state.status === "streaming" && !this.#isListed(state.thread);
    const hasEnded = isLive(before) && !isLive(state);
    if (this.#isOpen && (isNew || hasEnded)) {
      this.#cancelRefresh();
      this.#cancelRefresh = this.#options.clock.after(WRITTEN_MS, () => void this.#list.refresh());
    }
    if (state.thread !== before?.thread) {
      this.#render();
    }
  }

  destroy(): void {
    this.#isOpen = false;
    this.#end();
    this.#sizes.disconnect();
    this.#listeners.abort();
    this.#button.replaceChildren();
    this.#view.destroy();
  }

  #isListed(thread: string | null): boolean {
    return this.#list.state.threads.some(({ id }) => id === thread);
  }

  #open(): void {
    this.#isOpen = true;
    this.#view.begin();
    this.#place();
    void this.#list.begin();
    if (this.#options.hasKeyboard()) {
      this.#view.focusSearch();
    } else {
      this.#panel.focus({ preventScroll: true });
    }
  }

  #close(): void {
    this.#isOpen = false;
    this.#end();
    this.#button.focus({ preventScroll: true });
  }

  #end(): void {
    this.#cancelRefresh();
    this.#list.end();
    this.#place();
  }

  get #isBeside(): boolean {
    return this.#root.offsetWidth >= BESIDE_WIDTH;
  }

  /** Over the conversation, the list is all that can be reached. */
  #place(): void {
    const isOver = this.#isOpen && !this.#isBeside;
    this.#panel.hidden = !this.#isOpen;
    this.#panel.setAttribute("role", isOver ? "dialog" : "region");
    this.#root.classList.toggle("chat-beside-threads", this.#isOpen && !isOver);
    this.#button.setAttribute("aria-expanded", String(this.#isOpen));
    const focused = this.#root.ownerDocument.activeElement;
    if (isOver && this.#root.contains(focused) && !this.#panel.contains(focused)) {
      this.#panel.focus({ preventScroll: true });
    }
    [...this.#root.children].forEach((child) => child !== this.#panel && child.toggleAttribute("inert", isOver));
  }

  #render(): void {
    if (this.#isOpen) {
      this.#view.render(this.#list.state, this.#state?.thread ?? null, this.#options.clock.date());
    }
  }

  async #openThread(id: string): Promise<void> {
    const isShown = id === this.#state?.thread && isLive(this.#state);
    const thread = isShown ? null : await this.#list.open(id);
    if (thread) {
      this.#chat.openThread(openedThread(thread));
    }
    if (thread || isShown) {
      this.#goToConversation();
    }
  }

  async #remove(id: string): Promise<void> {
    if ((await this.#list.remove(id)) && id === this.#state?.thread) {
      this.#chat.discardThread();
    }
  }

  #newChat(): void {
    this.#chat.clear();
    this.#goToConversation();
  }

  /** Gives the focus to the field; where a keyboard would come up, to what was said. */
  #goToConversation(): void {
    if (!this.#isBeside) {
      this.#close();
    }
    const field = this.#options.hasKeyboard() ? this.#root.querySelector<HTMLElement>(".chat-input") : null;
    (field ?? part(this.#root, "transcript")).focus({ preventScroll: true });
  }
}

function isLive(state: ChatState | null): boolean {
  return state?.status === "submitted" || state?.status === "streaming";
}
