import { Attachments, type AttachmentsOptions } from "../attachments/attachments.js";
import { MessageFiles } from "../attachments/message-files.js";
import type { Clipboard } from "../clipboard.js";
import type { Cancel, Clock } from "../clock.js";
import { ComponentStage } from "../components/component-stage.js";
import { GraphThemes } from "../components/graph-themes.js";
import { PinBoard } from "../dashboard/pin-board.js";
import type { Looks, WhileAnswering } from "../config.js";
import type { GetProp, SetProps } from "../dash.js";
import { ThemeWatch } from "../diagrams/theme-watch.js";
import type { Bundles } from "../lazy/page-bundles.js";
import { PageAddressPolicy } from "../markdown/address-policy.js";
import { MarkdownRenderer } from "../markdown/markdown-view.js";
import { followNotes } from "../markdown/note-jumps.js";
import { PlainFragments } from "../markdown/plain-fragments.js";
import { Sanitizer } from "../markdown/sanitizer.js";
import { warmUp } from "../markdown/warm-up.js";
import { textOf } from "../protocol/content.js";
import type { FileRef } from "../protocol/frames.js";
import type { ChatState, ChatViewEvents, ChatViewLike, MessageState } from "../state.js";
import { exportMarkdown } from "../thread/export-markdown.js";
import { Announcer } from "./announcer.js";
import { BottomFollower } from "./bottom-follower.js";
import type { Step } from "./branch-switcher.js";
import { ChatMenu } from "./chat-menu.js";
import { ChatWidgets } from "./chat-widgets.js";
import { ClearedLine } from "./cleared-line.js";
import { Composer, type SteerButton } from "./composer.js";
import { ConnectionLine } from "./connection-line.js";
import { download } from "./download.js";
import type { Draft } from "./draft.js";
import { EmptyState } from "./empty-state.js";
import { ExampleMenu } from "./example-menu.js";
import { labels } from "./labels.js";
import { part } from "./page-part.js";
import { browserFrames, PaintScheduler, type FrameHost } from "./paint-scheduler.js";
import { ScrollButton } from "./scroll-button.js";
import { PointOffer } from "./point-offer.js";
import { reveal, type ScrollKeeper } from "./scroll-keeper.js";
import { ScrollRegions } from "./scroll-regions.js";
import { copyFormulasAsSource } from "./selection-copy.js";
import { StatusLine } from "./status-line.js";
import { TopAnchor } from "./top-anchor.js";
import { Transcript } from "./transcript.js";
import { WaitingList } from "./waiting-list.js";

/** After the field got focus: then that is seen, and nobody has written much yet. */
const WARM_UP_MS = 100;

export interface ChatViewOptions {
  readonly looks: Looks;
  readonly draft: Draft;
  readonly imageOrigins: readonly string[];
  /** Where components of answers can be pinned to; null where there is no place. */
  readonly pins: { readonly container: string; readonly kept: Draft } | null;
  readonly files: {
    /** Where the server has a file. */
    url(id: string): string;
    /** Whether it says that it no longer has one. */
    isGone(url: string): Promise<boolean>;
  };
  /** null where no files can be attached. */
  readonly attachments: AttachmentsOptions | null;
  readonly clipboard: Pick<Clipboard, "copyText">;
  readonly clock: Clock;
  readonly bundles: Bundles;
  readonly dash: { readonly setProps: SetProps; readonly getProp: GetProp };
  /** The browser's own, unless a test has others. */
  readonly frames?: FrameHost;
}

/**
 * Shows one chat in the elements that the page has made for it, and reports what its user does.
 *
 * `update` is cheap and may be called for every frame that arrives: it keeps the state, painting follows.
 */
export class ChatView implements ChatViewLike {
  readonly #root: HTMLElement;
  readonly #events: ChatViewEvents;
  readonly #options: ChatViewOptions;
  readonly #scheduler: PaintScheduler;
  readonly #transcript: Transcript;
  readonly #waiting: WaitingList;
  readonly #empty: EmptyState;
  readonly #composer: Composer;
  readonly #attachments: Attachments | null;
  readonly #statusLine: StatusLine;
  readonly #announcer: Announcer;
  readonly #regions: ScrollRegions;
  readonly #theme: ThemeWatch;
  readonly #stage: ComponentStage;
  readonly #pins: PinBoard | null;
  readonly #pointOffer: PointOffer;
  readonly #connectionLine: ConnectionLine;
  readonly #clearedLine: ClearedLine;
  readonly #menus: readonly (ChatMenu | ExampleMenu)[];
  readonly #keeper: ScrollKeeper;
  readonly #scrollButton: ScrollButton;
  readonly #listeners: AbortController;
  readonly #markdown: MarkdownRenderer;
  #cancelWarmUp: Cancel | null = null;
  #state: ChatState | null = null;
  #painted: ChatState | null = null;

  constructor(root: HTMLElement, events: ChatViewEvents, options: ChatViewOptions) {
    const { looks, clipboard, clock, bundles, draft, attachments, dash } = options;
    const document = root.ownerDocument;
    const window = document.defaultView!;
    this.#root = root;
    this.#events = events;
    this.#options = options;
    this.#listeners = new window.AbortController();
    this.#scheduler = new PaintScheduler((isInTime) => this.#paint(isInTime), options.frames ?? browserFrames(window));

    const transcript = part(root, "transcript");
    const status = part(root, "status");
    const composer = part(root, "composer");
    const focusLost = (): void => this.#composer.focus();
    this.#announcer = new Announcer(status);
    this.#regions = new ScrollRegions(transcript, (changed) => new window.ResizeObserver(changed));
    this.#theme = new ThemeWatch(document.documentElement, window);
    const tools = { clipboard, announcer: this.#announcer, clock };
    const policy = new PageAddressPolicy(window.location.href, options.imageOrigins);
    const widgets = new ChatWidgets({
      document,
      copy: tools,
      regions: this.#regions,
      bundles,
      theme: this.#theme,
    });
    this.#stage = new ComponentStage(part(root, "components"), root.id, dash.setProps, window.MutationObserver);
    const themes = new GraphThemes(`${root.id}-answer-graph`, dash.getProp, dash.setProps, this.#theme);
    const pins = options.pins && new PinBoard(document, options.pins.container, options.pins.kept, { stage: this.#stage, themes });
    this.#pins = pins;
    this.#markdown = new MarkdownRenderer({
      sanitizer: new PlainFragments(document, new Sanitizer(window, policy)),
      policy,
      widgets,
      id: root.id,
    });
    const files = new MessageFiles(
      document,
      (id) => options.files.url(id),
      (createdMs) => attachments?.rules.isExpired(createdMs, clock.date()) ?? true,
      (url) => options.files.isGone(url),
    );
    this.#transcript = new Transcript(transcript, {
      components: { stage: this.#stage, themes, clock, ...dash, pin: pins && ((text) => pins.pin(text)) },
      document,
      markdown: this.#markdown,
      tools,
      name: looks.name,
      submitKey: looks.submitKey,
      files,
      isRated: looks.feedback,
      maxCommentChars: looks.maxCommentChars,
      onRetry: () => this.#retry(),
      onWithdraw: (message) => this.#withdraw(message, textOf(message.parts)),
      onRegenerate: ({ key }) => this.#asked(events.regenerate(key)),
      onEdit: ({ key }, text) => this.#asked(events.edit(key, text)),
      onSwitch: (message, step) => this.#switchBranch(message, step),
      onRate: ({ key }, rating, comment) => events.rate(key, rating, comment),
      onAsk: (question) => this.#ask(question),
      onUndo: ({ key }, done) => events.undo(key, done),
      onAnswer: ({ key }, asked, value) => events.answer(key, asked, value),
      onReveal: (element) => reveal(transcript, element),
      onFocusLost: focusLost,
      createObserver: (changed) => new window.IntersectionObserver(changed, { root: transcript, rootMargin: "100% 0px" }),
      onWork: () => this.#scheduler.request(),
    });
    this.#waiting = new WaitingList(transcript, {
      files,
      announcer: this.#announcer,
      onSendNow: ({ key }) => this.#asked(events.sendNow(key)),
      onWithdraw: (message) => this.#withdraw(message, message.text),
      onReveal: (element) => reveal(transcript, element),
      onFocusLost: focusLost,
    });
    this.#empty = new EmptyState(part(root, "empty"), looks, (question) => this.#ask(question));
    this.#connectionLine = new ConnectionLine(status, { tryNow: () => events.tryNow(), focusLost });
    this.#clearedLine = new ClearedLine(status, { undo: () => events.undoClear(), focusLost });
    this.#statusLine = new StatusLine(status);
    this.#pointOffer = new PointOffer(status, {
      ask: (point) => this.#composer.restore(labels.aboutPoint(point)),
      focusLost,
    });
    this.#composer = new Composer(
      composer,
      part(root, "send"),
      {
        submit: (text) => this.#submit(text),
        stop: () => events.stop(),
        engage: () => this.#engage(),
        questions: () => this.#questions(),
      },
      { submitKey: looks.submitKey, draft, steer: this.#steerButton(looks.whileAnswering) },
    );
    this.#attachments =
      attachments &&
      new Attachments(
        { root, composer, button: part(root, "attach"), info: part(root, "attachments") },
        attachments,
        this.#announcer,
        focusLost,
      );
    this.#menus = this.#createMenus(composer);
    this.#scrollButton = new ScrollButton(transcript, status);
    const Keeper = looks.anchor === "top" ? TopAnchor : BottomFollower;
    this.#keeper = new Keeper(transcript, this.#scrollButton, (changed) => new window.ResizeObserver(changed));
    followNotes(transcript, this.#listeners.signal);
    copyFormulasAsSource(transcript, this.#listeners.signal);
    root.addEventListener("keydown", (event) => this.#onKey(event), { signal: this.#listeners.signal });
  }

  update(state: ChatState): void {
    this.#state = state;
    // Not at the next frame: a key pressed until then must already mean what the state says.
    this.#composer.setLive(this.#isLive);
    const painted = this.#painted;
    if (state.messages.length === painted?.messages.length && state.waiting === painted.waiting) {
      this.#scheduler.request();
    } else {
      this.#scheduler.requestNow();
    }
  }

  /** A point of a chart was clicked: it can be asked about. */
  offerPoint(point: string): void {
    this.#pointOffer.show(point);
  }

  destroy(): void {
    this.#scheduler.cancel();
    this.#cancelWarmUp?.();
    this.#listeners.abort();
    this.#menus.forEach((menu) => menu.destroy());
    this.#keeper.destroy();
    this.#composer.destroy();
    this.#attachments?.destroy();
    this.#statusLine.destroy();
    this.#announcer.destroy();
    this.#regions.destroy();
    this.#theme.stop();
    this.#connectionLine.destroy();
    this.#clearedLine.destroy();
    this.#empty.destroy();
    this.#waiting.destroy();
    this.#transcript.destroy();
    this.#pins?.destroy();
    this.#pointOffer.destroy();
    this.#stage.destroy();
    this.#scrollButton.destroy();
  }

  #steerButton(choice: WhileAnswering): SteerButton | null {
    return choice === "wait" ? null : { button: part(this.#root, "steer"), label: labels.sendWhile[choice] };
  }

  #createMenus(place: HTMLElement): (ChatMenu | ExampleMenu)[] {
    const { exampleQuestions, history } = this.#options.looks;
    const menu = new ChatMenu(part(this.#root, "menu"), place, {
      isKept: history,
      hasMessages: () => this.#messages.length > 0,
      exportConversation: () => this.#export(),
      clear: () => this.#clear(),
    });
    if (exampleQuestions.length === 0) {
      return [menu];
    }
    const fill = (question: string): void => this.#composer.restore(question);
    return [menu, new ExampleMenu(part(this.#root, "examples"), place, exampleQuestions, fill)];
  }

  get #messages(): readonly MessageState[] {
    return this.#state?.messages ?? [];
  }

  get #isLive(): boolean {
    return this.#state?.status === "submitted" || this.#state?.status === "streaming";
  }

  #paint(isInTime: () => boolean): boolean {
    const state = this.#state;
    if (!state) {
      return true;
    }
    const isLive = this.#isLive;
    if (state.status !== this.#painted?.status || state.connection !== this.#painted.connection) {
      this.#root.dataset["chatStatus"] = state.status;
      this.#root.dataset["chatConnection"] = state.connection;
    }
    const isOther = this.#painted !== null && state.thread !== this.#painted.thread;
    if (isOther) {
      this.#transcript.beginAnew();
    }
    this.#transcript.render(state.messages, isLive);
    this.#waiting.render(state.waiting);
    const isComplete = this.#transcript.advance(isInTime);
    this.#empty.render(state.messages.length === 0);
    this.#statusLine.render(state, isLive);
    this.#connectionLine.render(state);
    this.#clearedLine.render(state.cleared);
    if (isOther) {
      this.#keeper.follow();
    }
    this.#keeper.settle();
    if (!this.#painted) {
      this.#composer.begin();
    }
    this.#painted = state;
    return isComplete;
  }

  #questions(): string[] {
    return this.#messages.filter(({ role }) => role === "user").map(({ parts }) => textOf(parts));
  }

  /** An example is asked at once, or as soon as its user wants when it can't be now. */
  #ask(question: string): void {
    if (this.#submitted(question, [])) {
      this.#composer.focus();
    } else {
      this.#composer.restore(question);
    }
  }

  /** Somebody is about to ask. Most answers have code, whose colours would come in the middle of it. */
  #engage(): void {
    this.#events.engage();
    this.#options.bundles.highlighter.prepare();
    this.#cancelWarmUp ??= this.#options.clock.after(WARM_UP_MS, () => {
      if (this.#messages.length === 0) {
        warmUp(this.#root.ownerDocument, this.#markdown, this.#options.bundles.work);
      }
    });
  }

  #submit(text: string): boolean {
    const files = this.#attachments ? this.#attachments.ready() : [];
    const isTaken = files !== null && this.#submitted(text, files);
    if (isTaken) {
      this.#attachments?.sent();
    }
    return isTaken;
  }

  /** What waits is no new question to follow. */
  #submitted(text: string, files: readonly FileRef[]): boolean {
    const isLive = this.#isLive;
    const isTaken = this.#events.submit(text, files);
    return isLive ? isTaken : this.#asked(isTaken);
  }

  #asked(isTaken: boolean): boolean {
    if (isTaken) {
      this.#keeper.follow();
      this.#scheduler.request();
    }
    return isTaken;
  }

  #retry(): void {
    if (!this.#isLive) {
      this.#keeper.follow();
      // The button goes with its message; the focus would fall out of the chat.
      this.#composer.focus();
      this.#events.retry();
    }
  }

  #switchBranch({ key }: MessageState, step: Step): void {
    this.#keeper.stay();
    this.#events.switchBranch(key, step);
  }

  #export(): void {
    const day = new Date(this.#options.clock.date()).toISOString().slice(0, 10);
    const { name } = this.#options.looks;
    const text = exportMarkdown(this.#messages, {
      user: labels.you,
      assistant: name,
      files: labels.attachments,
      component: labels.exportedComponent,
      sources: labels.sources,
      asked: labels.exportedAsk,
      file: labels.exportedFile,
      undone: labels.undone,
      notDone: labels.notDone,
    });
    download(this.#root.ownerDocument, `${name} ${day}.md`, text);
  }

  #clear(): void {
    this.#events.clear();
    this.#composer.focus();
  }

  #withdraw({ key, attachments }: Pick<MessageState, "key" | "attachments">, text: string): void {
    if (this.#events.withdraw(key)) {
      this.#attachments?.restore(attachments);
      this.#composer.restore(text);
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && this.#isLive) {
      event.preventDefault();
      this.#events.stop();
    }
  }
}
