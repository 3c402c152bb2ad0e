import type { Clock } from "./clock";
import type { Connection, ConnectionOwner } from "./connection";
import {
  isRunFrame,
  PROTOCOL_VERSION,
  type ClientFrame,
  type HelloFrame,
  type RefusedFrame,
  type RunFrame,
  type ServerFrame,
} from "./protocol/frames";
import { resumeAfter } from "./protocol/run-reducer";
import type { ChatState, ChatStatus, ChatViewEvents, MessageState } from "./state";
import type { Conversation } from "./thread/conversation";
import type { LiveRun } from "./thread/live-run";
import { codePoints, wellFormed } from "./well-formed";

export interface ChatControllerOptions {
  readonly chat: string;
  readonly conversation: Conversation;
  readonly connect: (owner: ConnectionOwner) => Connection;
  readonly clock: Clock;
  readonly newRunId: () => string;
  readonly show: (state: ChatState) => void;
}

/** How long a new question waits for the end of a stopped answer, so as to stand after it in the history. */
const OVERTAKE_MS = 2_000;
/** A server that asks for the history again after this has a fault. */
const MAX_HISTORY_ROUNDS = 3;
/** When the server refuses to let a run be read and does not say for how long. */
const RESUME_AGAIN_MS = 2_000;
const NO_HISTORY = "The server could not continue this conversation.";

/** Refusals after which it is of no use to ask again with the page as it is. */
const FINAL_CODES: ReadonlySet<string> = new Set(["version", "forbidden", "unknown-chat"]);

/** One chat without its looks: what the user does becomes frames, frames become the state to show. */
export class ChatController implements ConnectionOwner, ChatViewEvents {
  readonly #options: ChatControllerOptions;
  readonly #conversation: Conversation;
  readonly #connection: Connection;
  #notice: string | null = null;
  #shown: ChatState | null = null;
  #disposed = false;

  constructor(options: ChatControllerOptions) {
    this.#options = options;
    this.#conversation = options.conversation;
    this.#connection = options.connect(this);
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

  /** The chat leaves the page. Its runs go on at the server, to be read again from the store. */
  dispose(): void {
    this.#disposed = true;
    this.#connection.close();
    this.#conversation.save();
  }

  // What the user does

  submit(text: string): boolean {
    const question = wellFormed(text);
    if (question.trim() === "" || this.#conversation.alive) {
      return false;
    }
    const max = this.#connection.maxPromptChars;
    if (question.length > max && codePoints(question) > max) {
      this.#notice = `This message is too long: at most ${max} characters can be sent.`;
      this.#emit();
      return false;
    }
    this.#conversation.ask(this.#options.newRunId(), question);
    this.#notice = null;
    this.#update();
    return true;
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
    if (!this.#conversation.alive && this.#conversation.askAgain(this.#options.newRunId())) {
      this.#notice = null;
      this.#update();
    }
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

  expecting(): boolean {
    return this.#conversation.runs.length > 0;
  }

  onOpen(): void {
    this.#conversation.runs.forEach((run) => run.reconnected());
    this.#flush();
  }

  onConnectionChange(): void {
    this.#emit();
  }

  onFrames(frames: readonly ServerFrame[]): void {
    const output = new Map<LiveRun, RunFrame[]>();
    for (const frame of frames) {
      const run = "run" in frame ? this.#conversation.find(frame.run) : undefined;
      if (frame.type === "refused") {
        this.#refused(frame, run);
      } else if (run && frame.type === "accepted") {
        // Over SSE a cancel can reach the server before the send that it is for.
        run.cancelSent &&= run.accepted;
        this.#conversation.accepted(run, frame.message);
      } else if (run && frame.type === "need-history") {
        this.#needHistory(run);
      } else if (run && isRunFrame(frame)) {
        const ofRun = output.get(run);
        if (ofRun) {
          ofRun.push(frame);
        } else {
          output.set(run, [frame]);
        }
      }
    }
    output.forEach((ofRun, run) => this.#read(run, ofRun));
    this.#update();
  }

  #read(run: LiveRun, frames: readonly RunFrame[]): void {
    const before = run.state;
    const gap = this.#conversation.read(run, frames);
    run.resumeAsked &&= run.state === before;
    if (gap && !run.resumeAsked) {
      run.resumeAsked = true;
      this.#connection.resume();
    }
  }

  #needHistory(run: LiveRun): void {
    run.historyRounds += 1;
    if (run.historyRounds > MAX_HISTORY_ROUNDS || run.send === null) {
      this.#conversation.end(run, "error", { text: NO_HISTORY, ref: null });
    } else {
      this.#connection.send([...this.#conversation.history(run.id, run.send.parent), run.send]);
    }
  }

  #refused(frame: RefusedFrame, run: LiveRun | undefined): void {
    if (run?.accepted && frame.code !== "unknown-run") {
      this.#resumeLater(run, frame.retry_ms ?? RESUME_AGAIN_MS);
    } else if (run) {
      this.#endRefused(run, frame);
    } else if (frame.run === undefined) {
      const final = FINAL_CODES.has(frame.code);
      const concerned = this.#conversation.runs.filter((live) => final || (live.sent && !live.accepted));
      concerned.forEach((live) => this.#endRefused(live, frame));
      if (final) {
        this.#connection.close();
      }
      if (final || concerned.length === 0) {
        this.#notice = frame.text;
      }
    }
  }

  #endRefused(run: LiveRun, { code, text, ref }: RefusedFrame): void {
    if (run.accepted) {
      this.#conversation.end(run, "interrupted");
    } else {
      this.#conversation.end(run, "error", { text, ref: ref ?? null });
      if (code === "bad-history" || (code === "too-large" && run.historyRounds > 0)) {
        this.#conversation.forgetSignatures();
      }
    }
  }

  #resumeLater(run: LiveRun, delayMs: number): void {
    this.#options.clock.after(delayMs, () => {
      if (!this.#disposed && this.#conversation.find(run.id)) {
        run.cancelSent = false;
        this.#connection.resume();
        this.#update();
      }
    });
  }

  #scheduleOvertake(run: LiveRun): void {
    this.#options.clock.after(OVERTAKE_MS, () => {
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
    if (this.#connection.state !== "open") {
      this.#connection.open();
      return;
    }
    const frames: ClientFrame[] = [];
    for (const run of this.#conversation.runs) {
      const send = run.accepted || run.sent ? null : this.#conversation.sendFor(run);
      if (run.stopping && !run.cancelSent && (run.accepted || run.sent || send)) {
        // Before the send, so that what was stopped already is signed but not begun.
        run.cancelSent = true;
        frames.push({ type: "cancel", run: run.id });
      }
      if (send) {
        run.sent = true;
        frames.push(send);
      }
    }
    if (frames.length > 0) {
      this.#connection.send(frames);
    }
  }

  #emit(): void {
    if (this.#disposed) {
      return;
    }
    const before = this.#shown;
    const messages = this.#conversation.messages;
    const state: ChatState = {
      messages: before && isSame(before.messages, messages) ? before.messages : messages,
      status: chatStatus(messages.at(-1)),
      connection: this.#connection.state,
      notice: this.#notice ?? this.#connection.notice,
    };
    const unchanged =
      state.messages === before?.messages &&
      state.connection === before.connection &&
      state.notice === before.notice;
    if (!unchanged) {
      this.#shown = state;
      this.#options.show(state);
    }
  }
}

function isSame(some: readonly MessageState[], others: readonly MessageState[]): boolean {
  return some.length === others.length && some.every((message, index) => message === others[index]);
}

function chatStatus(last: MessageState | undefined): ChatStatus {
  switch (last?.status) {
    case "submitted":
    case "streaming":
    case "error":
      return last.status;
    default:
      return "ready";
  }
}
