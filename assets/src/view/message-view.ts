import type { MessageFiles } from "../attachments/message-files.js";
import type { SubmitKey } from "../config.js";
import { AuthorView } from "../components/author-view.js";
import { ComponentPart, type ComponentTools } from "../components/component-part.js";
import type { MarkdownRenderer } from "../markdown/markdown-view.js";
import { isBlank, isBlankText, textOf } from "../protocol/content.js";
import type { PartKind } from "../protocol/frames.js";
import type { MessageState, Rating } from "../state.js";
import type { Step } from "./branch-switcher.js";
import type { CopyTools } from "./copy-button.js";
import { createElement } from "./element.js";
import { createFeedbackForm } from "./feedback-form.js";
import { labels } from "./labels.js";
import { MessageActions } from "./message-actions.js";
import { createMessageEditor } from "./message-editor.js";
import { createNote } from "./message-note.js";
import type { PartView } from "./part-view.js";
import { createSuggestions } from "./suggestions.js";
import type { TextForm } from "./text-form.js";
import { TextPart } from "./text-part.js";

export interface MessageViewOptions {
  readonly document: Document;
  readonly markdown: MarkdownRenderer;
  readonly components: ComponentTools;
  readonly tools: CopyTools;
  readonly files: MessageFiles;
  /** The assistant's name. */
  readonly name: string;
  readonly submitKey: SubmitKey;
  /** Whether somebody wants to know what the reader thinks of answers. */
  readonly isRated: boolean;
  readonly maxCommentChars: number;
  readonly onRetry: () => void;
  readonly onWithdraw: (message: MessageState) => void;
  readonly onRegenerate: (message: MessageState) => void;
  /** Returns whether it was taken; false keeps the editor open. */
  readonly onEdit: (message: MessageState, text: string) => boolean;
  readonly onSwitch: (message: MessageState, step: Step) => void;
  /** Returns whether it was taken; false asks for no comment. */
  readonly onRate: (message: MessageState, rating: Rating | null, comment: string) => boolean;
  /** A suggestion was chosen. */
  readonly onAsk: (question: string) => void;
  /** Something that is to be seen has come, in answer to what the reader did. */
  readonly onReveal: (element: HTMLElement) => void;
  /** What had the focus goes. */
  readonly onFocusLost: () => void;
}

/** One message of the transcript. */
export class MessageView {
  readonly element: HTMLElement;
  readonly #options: MessageViewOptions;
  readonly #bubble: HTMLElement;
  /** Has its height from the beginning, so that nothing moves when it is filled. */
  readonly #row: HTMLElement;
  readonly #waiting: HTMLElement;
  readonly #parts: PartView[] = [];
  #actions: MessageActions | null = null;
  #files: HTMLElement | null = null;
  #view: AuthorView | null = null;
  #suggestions: HTMLElement | null = null;
  #note: HTMLElement | null = null;
  #form: HTMLElement | null = null;
  #message: MessageState | null = null;
  #isLast = false;
  #isBusy = false;

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
    this.#bubble.dir = "auto";
    this.#row = createElement(document, "div", "chat-message-actions");
    this.#waiting = createElement(document, "div", "chat-loading-message");
    this.#waiting.setAttribute("aria-hidden", "true");
    for (let dot = 0; dot < 3; dot += 1) {
      this.#waiting.append(createElement(document, "span", "chat-loading-dot"));
    }
    const speaker = createElement(document, "span", "chat-visually-hidden", `${isUser ? labels.you : options.name}: `);
    this.element.append(speaker, this.#bubble, this.#row);
  }

  /** Shows a message, as it is now. What is news is announced by screen readers when it tells of a failure. */
  render(message: MessageState, isLast: boolean, isNews: boolean): void {
    const previous = this.#message;
    if (message === previous && isLast === this.#isLast) {
      return;
    }
    this.#message = message;
    this.#isLast = isLast;
    if (message !== previous) {
      if (message.view !== null) {
        this.#renderView(message, message.view);
      } else if (message.role === "user") {
        this.#renderQuestion(message, previous);
      } else {
        this.#renderAnswer(message, previous);
      }
    }
    const isNoted =
      message.status === previous?.status && message.error === previous.error && message.pending === previous.pending;
    if (!isNoted) {
      this.element.dataset["status"] = message.status;
      this.#renderNote(message, isNews);
    }
    const retry = this.#note?.querySelector<HTMLElement>(".chat-retry-button");
    if (retry) {
      retry.hidden = !isLast;
    }
    this.#renderActions(message, retry?.hidden === false);
    this.#renderSuggestions(message);
  }

  /** Tells whether an answer is made, this one or another. */
  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    this.#actions?.setBusy(isBusy);
  }

  /** The focus goes on where it was, in the version of the message that has come. */
  focusSwitcher(step: Step): void {
    this.#actions?.focusSwitcher(step);
  }

  /** Whether there is more of its text to show. */
  get isBehind(): boolean {
    return this.#parts.some(({ isBehind }) => isBehind);
  }

  /** Shows more of its text. */
  advance(): void {
    this.#parts.find(({ isBehind }) => isBehind)?.advance();
  }

  destroy(): void {
    this.element.remove();
    this.#parts.forEach((part) => part.destroy());
    this.#view?.destroy();
  }

  /** What its author makes of the message takes the bubble's place for good. */
  #renderView(message: MessageState, view: string): void {
    if (this.#view) {
      return;
    }
    const { document, components, markdown, files, onFocusLost } = this.#options;
    const hadFocus = this.#bubble.contains(document.activeElement);
    // First: what both have in them must not be in the page twice.
    this.#parts.splice(0).forEach((part) => part.destroy());
    this.#files?.remove();
    this.#view = new AuthorView(document, view, components, {
      markdown: (text) => TextPart.whole(document, markdown, text),
      files: () => files.create(message),
    });
    this.#bubble.replaceWith(this.#view.element);
    if (hadFocus) {
      onFocusLost();
    }
  }

  get #body(): HTMLElement {
    return this.#view?.element ?? this.#bubble;
  }

  #renderQuestion(message: MessageState, previous: MessageState | null): void {
    const text = textOf(message.parts);
    this.#bubble.textContent = text;
    this.#bubble.hidden = text === "" && message.attachments.length > 0;
    if (!previous) {
      this.#files = this.#options.files.create(message);
      this.#bubble.before(...(this.#files ? [this.#files] : []));
    }
  }

  #renderAnswer(message: MessageState, previous: MessageState | null): void {
    const isLive = isAlive(message);
    message.parts.forEach((part, index) => {
      const before = previous?.parts[index];
      if (part === before && isLive) {
        return;
      }
      this.#part(index, part.kind).update(part, isLive);
    });
    for (const part of this.#parts.splice(message.parts.length)) {
      part.container.remove();
      part.destroy();
    }
    const isWaiting = message.parts.every(({ kind, text, ended }) => isBlankText(text) || (kind === "component" && !ended));
    if (isLive && isWaiting) {
      this.#bubble.append(this.#waiting);
    } else {
      this.#waiting.remove();
    }
    this.#bubble.hidden = !isLive && isBlank(message.parts);
  }

  #part(index: number, kind: PartKind): PartView {
    const existing = this.#parts[index];
    if (existing) {
      return existing;
    }
    const { document, markdown, components } = this.#options;
    const part = kind === "text" ? new TextPart(document, markdown) : new ComponentPart(document, components);
    this.#parts.push(part);
    this.#bubble.append(part.container);
    return part;
  }

  #renderNote(message: MessageState, isNews: boolean): void {
    const { document, onFocusLost } = this.#options;
    const hadFocus = this.#note?.contains(document.activeElement);
    this.#note?.remove();
    this.#note = createNote(document, message, isNews, this.#options);
    if (this.#note) {
      this.#row.before(this.#note);
    }
    if (hadFocus) {
      onFocusLost();
    }
  }

  #renderActions(message: MessageState, offersRetry: boolean): void {
    // Its note stands there.
    this.#row.hidden = message.pending;
    if (message.pending || isAlive(message)) {
      this.#row.replaceChildren();
      this.#actions = null;
      this.#closeForm(this.#options.onFocusLost);
      return;
    }
    this.#actions ??= this.#createActions(message);
    this.#actions.render(message, offersRetry);
  }

  #renderSuggestions({ suggestions, status }: MessageState): void {
    const isOffered = this.#isLast && status === "done" && suggestions.length > 0;
    if (isOffered && !this.#suggestions) {
      const { document, onAsk } = this.#options;
      this.#suggestions = createSuggestions(document, suggestions, onAsk);
      this.element.append(this.#suggestions);
    } else if (!isOffered) {
      this.#suggestions?.remove();
      this.#suggestions = null;
    }
  }

  #createActions(message: MessageState): MessageActions {
    const { tools, isRated, onRegenerate, onSwitch } = this.#options;
    // What is done is done with the message as it is then.
    const now = (): MessageState => this.#message ?? message;
    const actions = new MessageActions(this.#row, message, tools, isRated, {
      text: () => textOf(now().parts),
      regenerate: () => onRegenerate(now()),
      edit: () => this.#edit(now()),
      switchBranch: (step) => onSwitch(now(), step),
      rate: (rating) => this.#rate(now(), rating),
    });
    actions.setBusy(this.#isBusy);
    return actions;
  }

  #edit(message: MessageState): void {
    const { document, submitKey, onEdit } = this.#options;
    const form = createMessageEditor(document, textOf(message.parts), submitKey, {
      save: (changed) => onEdit(message, changed),
      close: () => this.#closeForm(() => this.#actions?.focusChange()),
    });
    this.#openForm(form);
    this.#body.before(form.element);
    this.element.classList.add("chat-message-edited");
    form.focus();
    this.#options.onReveal(form.element);
  }

  #rate(message: MessageState, rating: Rating): void {
    const { document, submitKey, maxCommentChars, onRate, onReveal } = this.#options;
    if (message.rating === rating) {
      onRate(message, null, "");
      this.#closeForm(() => {});
      return;
    }
    if (!onRate(message, rating, "")) {
      return;
    }
    const form = createFeedbackForm(document, rating, maxCommentChars, submitKey, {
      send: (comment) => onRate(message, rating, comment),
      close: () => this.#closeForm(() => this.#actions?.focusRating(rating)),
    });
    // It does not take the focus: on a phone, that would bring the keyboard up. The Tab key goes there.
    this.#openForm(form);
    this.#row.after(form.element);
    onReveal(form.element);
  }

  #openForm({ element }: TextForm): void {
    this.#form?.remove();
    this.#form = element;
  }

  #closeForm(takeFocus: () => void): void {
    const hadFocus = this.#form?.contains(this.#options.document.activeElement);
    this.#form?.remove();
    this.#form = null;
    this.element.classList.remove("chat-message-edited");
    if (hadFocus) {
      takeFocus();
    }
  }
}

function isAlive({ status }: MessageState): boolean {
  return status === "submitted" || status === "streaming";
}
