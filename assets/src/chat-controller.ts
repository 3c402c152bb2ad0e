import type { Clock } from "./clock";
import type { WhileAnswering } from "./config";
import type { Connection, ConnectionOwner } from "./connection";
import type { OpenedThread } from "./history/opened-thread";
import { Inbox } from "./inbox";
import { Outbox } from "./outbox";
import { PROTOCOL_VERSION, type ClientFrame, type FileRef, type HelloFrame, type ServerFrame } from "./protocol/frames";
import { resumeAfter } from "./protocol/run-reducer";
import { Stall } from "./stall";
import type { ChatState, ChatStatus, ChatViewEvents, MessageStatus, PartState, Rating } from "./state";
import type { Conversation } from "./thread/conversation";
import type { LiveRun } from "./thread/live-run";
import type { WaitingMessage } from "./thread/waiting-messages";
import { Timers } from "./timers";
import { codePoints, wellFormed } from "./well-formed";

export interface ChatControllerOptions {
  readonly chat: string;
  readonly conversation: Conversation;
  readonly connect: (owner: ConnectionOwner) => Connection;
  readonly clock: Clock;
  readonly newRunId: () => string;
  readonly whileAnswering: WhileAnswering;
  readonly show: (state: ChatState) => void;
}

/** How long a new question waits for the end of a stopped answer, so as to stand after it in the history. */
const OVERTAKE_MS = 2_000;
const UNKNOWN_ANSWER = "This answer can't be rated.";
const TOO_MANY = "Too many messages are waiting. Send this one when some of them have been answered.";
const NOT_UNDONE = "This can't be undone here: what was set is not on the page.";
const NOT_SENT = "A message of this conversation has not been sent yet. Wait until it is, or withdraw it.";
const NOT_YET = "Only one answer can be written at a time: save again when it is complete.";

/** One chat without its looks: what the user does becomes frames, frames become the state to show. */
export class ChatController implements ConnectionOwner, ChatViewEvents {
  readonly #options: ChatControllerOptions;
  readonly #conversation: Conversation;
  readonly #connection: Connection;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #stall: Stall;
  /** Those of single runs. */
  readonly #timers: Timers;
  #notice: string | null = null;
  #shown: ChatState | null = null;
  #disposed = false;

  constructor(options: ChatControllerOptions) {
    this.#options = options;
    this.#conversation = options.conversation;
    this.#outbox = new Outbox(options.conversation);
    this.#timers = new Timers(options.clock);
    this.#stall = new Stall(options.clock, () => this.#emit());
    this.#connection = options.connect(this);
    this.#inbox = new Inbox({
      conversation: options.conversation,
      connection: this.#connection,
      timers: this.#timers,
      notify: (notice) => (this.#notice = notice),
      again: () => this.#update(),
    });
  }

  /** Shows what was kept, and goes on reading what was not complete. */
  start(): void {
    this.#conversation.load();
    this.#conversation.runs.filter((run) => run.stopping).forEach((run) => this.#scheduleOvertake(run));
    this.#update();
  }

  /** Keeps what is shown, for a page that is about to be left or reloaded. */
  save(): void {
    this.#conversation.save();
  }

  /** Begins again from the store, which another document of the tab may have written to. */
  restore(): void {
    if (this.#conversation.isStored) {
      this.#timers.cancelAll();
      this.#connection.close();
      this.#notice = null;
      this.start();
    }
  }

  /** The chat leaves the page. Its runs go on at the server, to be read again from the store. */
  dispose(): void {
    this.#disposed = true;
    this.#stall.update(false);
    this.#timers.cancelAll();
    this.#connection.close();
    this.#conversation.save();
  }

  // What the user does

  submit(text: string, attachments: readonly FileRef[] = []): boolean {
    if (this.#conversation.alive) {
      return this.#options.whileAnswering !== "wait" && this.#wait(text, attachments);
    }
    return this.#ask(text, attachments.length > 0, (run, question, nowMs) => {
      this.#conversation.ask(run, question, nowMs, attachments);
      return true;
    });
  }

  /** Keeps a message for later; into an answer goes nothing but text. */
  #wait(text: string, attachments: readonly FileRef[]): boolean {
    const { whileAnswering, newRunId, clock } = this.#options;
    const question = this.#checked(text, attachments.length > 0);
    if (question === null) {
      return false;
    }
    const live = this.#conversation.runs.find((run) => !run.stopping);
    const run = live && whileAnswering === "deliver" && attachments.length === 0 ? live.id : null;
    const isTaken = this.#conversation.waiting.put({ id: newRunId(), text: question, attachments, createdMs: clock.date(), run });
    this.#notice = isTaken ? null : TOO_MANY;
    this.#conversation.save();
    this.#update();
    return isTaken;
  }

  sendNow(key: string): boolean {
    const message = this.#conversation.alive ? undefined : this.#conversation.waiting.take(key);
    return message !== undefined && this.#askWaiting(message);
  }

  #askWaiting({ text, attachments }: WaitingMessage): boolean {
    return this.#begin((run, nowMs) => {
      this.#conversation.ask(run, text, nowMs, attachments);
      return true;
    });
  }

  /** Asks what has waited for the answer that is complete. */
  #askNext(): void {
    const next = this.#conversation.alive ? undefined : this.#conversation.waiting.next;
    if (next && this.#conversation.waiting.take(next.id)) {
      this.#askWaiting(next);
    }
  }

  edit(key: string, text: string): boolean {
    if (this.#conversation.alive) {
      this.#notice = NOT_YET;
      this.#emit();
      return false;
    }
    return this.#ask(text, false, (run, question, nowMs) => this.#conversation.askInstead(key, run, question, nowMs));
  }

  /** Returns whether the text can be asked and was. */
  #ask(text: string, mayBeEmpty: boolean, ask: (run: string, question: string, nowMs: number) => boolean): boolean {
    const question = this.#conversation.alive ? null : this.#checked(text, mayBeEmpty);
    return question !== null && this.#begin((run, nowMs) => ask(run, question, nowMs));
  }

  /** Returns what is asked of what was typed; null when nothing is, and its user is told why. */
  #checked(text: string, mayBeEmpty: boolean): string | null {
    const question = wellFormed(text);
    if (question.trim() === "" && !mayBeEmpty) {
      return null;
    }
    const max = this.#connection.maxPromptChars;
    if (question.length > max && codePoints(question) > max) {
      this.#notice = `This message is too long: at most ${max} characters can be sent.`;
      this.#emit();
      return null;
    }
    return question;
  }

  /** Begins a run unless an answer is alive, and returns whether it did. */
  #begin(begin: (run: string, nowMs: number) => boolean): boolean {
    const { newRunId, clock } = this.#options;
    const isTaken = !this.#conversation.alive && begin(newRunId(), clock.date());
    if (isTaken) {
      this.#notice = null;
      this.#update();
    }
    return isTaken;
  }

  stop(): void {
    const run = this.#conversation.runs.at(-1);
    if (run && !run.stopping) {
      this.#conversation.stop(run);
      this.#scheduleOvertake(run);
      this.#update();
    }
  }

  retry(): void {
    const last = this.#conversation.messages.at(-1);
    if (last) {
      this.regenerate(last.key);
    }
  }

  regenerate(key: string): boolean {
    return this.#begin((run, nowMs) => this.#conversation.answerAgain(key, run, nowMs));
  }

  switchBranch(key: string, step: -1 | 1): void {
    if (!this.#conversation.alive) {
      this.#conversation.switchBranch(key, step);
      this.#update();
    }
  }

  rate(key: string, rating: Rating | null, comment: string): boolean {
    const isTaken = this.#conversation.rate(key, rating, wellFormed(comment));
    this.#notice = isTaken ? null : UNKNOWN_ANSWER;
    this.#update();
    return isTaken;
  }

  answer(key: string, part: PartState, value: unknown): boolean {
    const isTaken = this.#conversation.answer(key, part, value);
    this.#update();
    return isTaken;
  }

  undo(key: string, part: PartState): void {
    this.#notice = this.#conversation.undo(key, part) ? null : NOT_UNDONE;
    this.#update();
  }

  clear(): void {
    if (this.#conversation.isKept) {
      this.openThread(null);
    } else {
      this.#conversation.clear();
      this.#notice = null;
      this.#update();
    }
  }

  /** Goes on with another conversation, or a new one with null. Returns false, and says why, when this one can't be left. */
  openThread(thread: OpenedThread | null): boolean {
    if (!this.#conversation.isTold) {
      this.#notice = NOT_SENT;
      this.#update();
      return false;
    }
    this.#goOnWith(thread);
    return true;
  }

  /** The conversation was deleted: what is asked next begins another one, and nothing of it is answered any more. */
  discardThread(): void {
    this.#conversation.runs.filter((run) => !run.stopping).forEach((run) => this.#conversation.stop(run));
    this.#goOnWith(null);
  }

  #goOnWith(thread: OpenedThread | null): void {
    this.#conversation.open(thread);
    this.#notice = null;
    if (this.#conversation.runs.length > 0) {
      this.#connection.resume();
    }
    this.#update();
  }

  undoClear(): void {
    this.#conversation.undoClear();
    this.#update();
  }

  withdraw(key: string): boolean {
    const isTaken = this.#conversation.withdraw(key) || this.#conversation.waiting.take(key) !== undefined;
    this.#conversation.save();
    this.#update();
    return isTaken;
  }

  tryNow(): void {
    this.#connection.tryNow();
  }

  engage(): void {
    this.#connection.open();
  }

  // What the connection asks and tells

  hello(): HelloFrame {
    const resume = this.#conversation.runs
      .filter((run) => run.accepted)
      .map((run) => ({ run: run.id, after: resumeAfter(run.state) }));
    return { type: "hello", v: PROTOCOL_VERSION, chat: this.#options.chat, resume };
  }

  /** A run that waits for its reader owes nothing until then: the connection may end. */
  expecting(): boolean {
    const { runs, withdrawn, feedback, waiting } = this.#conversation;
    const now = this.#options.clock.now();
    return runs.some((run) => !run.isWaiting(now) || waiting.isOwing(run.id)) || withdrawn.length > 0 || !feedback.isEmpty;
  }

  onOpen(): void {
    this.#outbox.reconnected();
    this.#flush();
  }

  onDelivered(frames: readonly ClientFrame[]): void {
    this.#outbox.delivered(frames);
    this.#flush();
  }

  onConnectionChange(): void {
    this.#emit();
  }

  onFrames(frames: readonly ServerFrame[]): boolean {
    const advanced = this.#inbox.take(frames);
    for (const run of this.#conversation.runs) {
      this.#awaitAnswer(run);
      this.#conversation.act(run);
    }
    this.#askNext();
    this.#update();
    return advanced;
  }

  /** When the time to answer is over, the run goes on without an answer. */
  #awaitAnswer(run: LiveRun): void {
    const { clock } = this.#options;
    const asking = run.asking;
    if (asking === null) {
      run.askedUntil = null;
    } else if (run.askedUntil === null || run.askedPart !== asking.part) {
      run.askedUntil = clock.now() + asking.seconds * 1000;
      run.askedPart = asking.part;
      this.#timers.after(asking.seconds * 1000, () => this.#update());
    }
  }

  #scheduleOvertake(run: LiveRun): void {
    this.#timers.after(OVERTAKE_MS, () => {
      run.overtaken = true;
      this.#flush();
    });
  }

  #update(): void {
    this.#flush();
    this.#emit();
  }

  /** Sends what is due and can be sent, or opens the connection for it. */
  #flush(): void {
    if (this.#disposed || !this.expecting()) {
      return;
    }
    if (!this.#connection.ready) {
      this.#connection.open();
      return;
    }
    const frames = this.#outbox.take();
    if (frames.length > 0) {
      this.#connection.send(frames);
    }
  }

  #emit(): void {
    if (this.#disposed) {
      return;
    }
    const connection = this.#connection.state;
    this.#stall.update(this.#conversation.runs.length > 0 && this.expecting() && connection !== "open");
    this.#conversation.markPending(this.#stall.lasts);
    const before = this.#shown;
    const state: ChatState = {
      messages: this.#conversation.messages,
      waiting: this.#conversation.waiting.states,
      status: chatStatus(this.#conversation.lastStatus),
      connection,
      stalled: this.#stall.lasts,
      notice: this.#notice ?? this.#connection.notice,
      cleared: this.#conversation.isCleared,
      thread: this.#conversation.thread,
    };
    const unchanged =
      state.messages === before?.messages &&
      state.waiting === before.waiting &&
      state.status === before.status &&
      state.connection === before.connection &&
      state.stalled === before.stalled &&
      state.notice === before.notice &&
      state.cleared === before.cleared &&
      state.thread === before.thread;
    if (!unchanged) {
      this.#shown = state;
      this.#options.show(state);
    }
  }
}

function chatStatus(last: MessageStatus | undefined): ChatStatus {
  switch (last) {
    case "submitted":
    case "streaming":
    case "error":
      return last;
    default:
      return "ready";
  }
}
