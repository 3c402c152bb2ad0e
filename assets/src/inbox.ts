import type { Connection } from "./connection";
import { isRunFrame, type RefusedFrame, type RunFrame, type ServerFrame } from "./protocol/frames";
import type { Conversation } from "./thread/conversation";
import type { LiveRun } from "./thread/live-run";
import type { Timers } from "./timers";

export interface InboxOptions {
  readonly conversation: Conversation;
  readonly connection: Connection;
  readonly timers: Timers;
  /** Shows one sentence about the chat. */
  readonly notify: (notice: string) => void;
  /** Something may be due again. */
  readonly again: () => void;
}

/** A server that asks for the history again after this has a fault. */
const MAX_HISTORY_ROUNDS = 3;
/** When the server refuses to let a run be read and does not say for how long. */
const RESUME_AGAIN_MS = 2_000;
const NO_HISTORY = "The server could not continue this conversation.";
const NO_FEEDBACK = "Your feedback could not be saved.";

/** Refusals after which it is of no use to ask again with the page as it is. */
const FINAL_CODES: ReadonlySet<string> = new Set(["version", "forbidden", "login", "denied", "unknown-chat"]);

/** Refusals that say that a run can't be read, now or later. */
const GONE_CODES: ReadonlySet<string> = new Set(["unknown-run", "bad-resume"]);

/** Refusals of what its reader has answered to a run, which goes on. */
const ANSWER_CODES: ReadonlySet<string> = new Set(["not-asked", "not-offered"]);

/** What the server says, told to the conversation; what follows of it for the connection. */
export class Inbox {
  readonly #options: InboxOptions;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Returns whether the frames have brought the chat forward. */
  take(frames: readonly ServerFrame[]): boolean {
    const { conversation } = this.#options;
    let advanced = false;
    const output = new Map<LiveRun, RunFrame[]>();
    for (const frame of frames) {
      const run = "run" in frame ? conversation.find(frame.run) : undefined;
      if (!run && "run" in frame && frame.run !== undefined && conversation.feedback.has(frame.run)) {
        advanced = this.#takeFeedback(frame, frame.run) || advanced;
      } else if (frame.type === "refused") {
        this.#refused(frame, run);
      } else if (run && frame.type === "accepted") {
        // Over SSE a cancel can reach the server before the send that it is for.
        run.cancelSent &&= run.accepted;
        advanced ||= !run.accepted;
        conversation.accepted(run, frame.message, frame.model ?? null, frame.view ?? null);
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
    for (const [run, ofRun] of output) {
      advanced = this.#read(run, ofRun) || advanced;
    }
    return advanced;
  }

  /** Returns whether there was anything new. */
  #read(run: LiveRun, frames: readonly RunFrame[]): boolean {
    const before = run.state;
    const gap = this.#options.conversation.read(run, frames);
    run.resumeAsked &&= run.state === before;
    if (gap && !run.resumeAsked) {
      run.resumeAsked = true;
      this.#options.connection.resume();
    }
    return run.state !== before;
  }

  #needHistory(run: LiveRun): void {
    const { conversation, connection } = this.#options;
    run.historyRounds += 1;
    if (run.historyRounds > MAX_HISTORY_ROUNDS || run.send === null) {
      conversation.end(run, "error", { text: NO_HISTORY, ref: null });
    } else {
      connection.send([...conversation.history(run.id, run.send.parent), run.send]);
    }
  }

  #refused(frame: RefusedFrame, run: LiveRun | undefined): void {
    const { conversation, connection, notify } = this.#options;
    if (frame.delivery !== undefined && frame.code !== "rate" && !FINAL_CODES.has(frame.code)) {
      conversation.waiting.refused(frame.delivery);
    } else if (run && ANSWER_CODES.has(frame.code)) {
      conversation.askAgain(run);
      // What the page says of itself is none of its reader's answers.
      if (run.hasAsked) {
        notify(frame.text);
      }
    } else if (run?.accepted && !GONE_CODES.has(frame.code)) {
      this.#resumeLater(run, frame.retry_ms ?? RESUME_AGAIN_MS);
    } else if (run) {
      this.#endRefused(run, frame);
    } else if (frame.run === undefined) {
      const final = FINAL_CODES.has(frame.code);
      const concerned = conversation.runs.filter((live) => final || (live.sent && !live.accepted));
      concerned.forEach((live) => this.#endRefused(live, frame));
      if (final) {
        conversation.nothingToTell();
        connection.close();
        notify(frame.text);
      } else if (concerned.length === 0) {
        connection.tell(frame.text);
      }
    }
  }

  #endRefused(run: LiveRun, { code, text, ref }: RefusedFrame): void {
    const { conversation } = this.#options;
    // Of a run that it does not execute again, the server may have lost the log before it could be read.
    if (run.accepted || GONE_CODES.has(code)) {
      conversation.end(run, "interrupted");
    } else {
      conversation.end(run, "error", { text, ref: ref ?? null });
      if (code === "bad-history" || (code === "too-large" && run.historyRounds > 0)) {
        conversation.forgetSignatures();
      }
    }
  }

  #resumeLater(run: LiveRun, delayMs: number): void {
    const { conversation, connection, timers, again } = this.#options;
    timers.after(delayMs, () => {
      if (conversation.find(run.id)) {
        run.cancelSent = false;
        connection.resume();
        again();
      }
    });
  }

  /** Returns whether it was the last word on what was told. */
  #takeFeedback(frame: ServerFrame, run: string): boolean {
    const { conversation, connection, timers, again } = this.#options;
    if (frame.type === "feedback-taken") {
      conversation.feedbackTaken(run);
      return true;
    }
    if (frame.type === "refused" && frame.retry_ms !== undefined) {
      timers.after(frame.retry_ms, () => {
        conversation.feedback.postponed(run);
        again();
      });
    } else if (frame.type === "refused") {
      this.#endFeedback(run, frame.ref);
      return true;
    } else if (frame.type === "need-history") {
      const feedback = conversation.feedback.needsHistory(run);
      if (feedback) {
        connection.send([...conversation.history(run, feedback.message), feedback]);
      } else {
        this.#endFeedback(run);
      }
    }
    return false;
  }

  #endFeedback(run: string, ref?: string): void {
    this.#options.conversation.feedbackRefused(run);
    this.#options.notify(ref === undefined ? NO_FEEDBACK : `${NO_FEEDBACK} Reference: ${ref}`);
  }
}
