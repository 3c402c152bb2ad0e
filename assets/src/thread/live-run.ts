import { ProtocolError } from "../protocol/errors";
import type { RunFrame, SendFrame } from "../protocol/frames";
import { unitsOf } from "../protocol/content";
import { openQuestion, OpenQuestions, type SavedAnswers } from "./open-questions";
import { applyFrame, newRun, type RunState, type Step } from "../protocol/run-reducer";

/** What of a live run survives a reload; its text does not, since the server replays it. */
export interface SavedRun {
  readonly run: string;
  /** The keys of the question and of the answer in the thread. */
  readonly question: string;
  readonly answer: string;
  /** What was sent, once it was. A send that is repeated must be the same one. */
  readonly send: SendFrame | null;
  readonly accepted: boolean;
  readonly stopping: boolean;
  /** What was read of the page when it was asked. */
  readonly inputs: readonly unknown[];
  readonly answers: SavedAnswers;
  /** The places of parts whose actions were done on the page. */
  readonly acted: readonly number[];
}

/** A run whose terminal frame has not arrived: what has been asked of the server and what has been read. */
export class LiveRun {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly inputs: readonly unknown[];
  readonly questions: OpenQuestions;
  /** The places of parts whose actions were done on the page: a replay begins with what was to be done. */
  acted: ReadonlySet<number> = new Set();
  send: SendFrame | null = null;
  accepted = false;
  /** The user has pressed Stop. */
  stopping = false;
  state: RunState;
  /** UTF-16 units already shown from before a reload: a replay is not shown until it has come so far. */
  restoredUnits = 0;
  /** The next run no longer waits for this one's end. */
  overtaken = false;
  /** How often the server has asked for the history, over all connections: each answer may be long. */
  historyRounds = 0;
  /** The rest is of the present connection. */
  sent = false;
  cancelSent = false;
  resumeAsked = false;
  /** When its reader's time to answer is over, by the monotonic clock; null while it asks nothing. */
  askedUntil: number | null = null;
  /** The part that asks until then. */
  askedPart: number | null = null;

  constructor(id: string, question: string, answer: string, inputs: readonly unknown[] = [], answers: SavedAnswers = []) {
    this.id = id;
    this.question = question;
    this.answer = answer;
    this.inputs = inputs;
    this.questions = new OpenQuestions(answers);
    this.state = newRun(id);
  }

  static restore(saved: SavedRun): LiveRun {
    const run = new LiveRun(saved.run, saved.question, saved.answer, saved.inputs, saved.answers);
    run.send = saved.send;
    run.accepted = saved.accepted;
    run.stopping = saved.stopping;
    run.acted = new Set(saved.acted);
    return run;
  }

  save(): SavedRun {
    const { id, question, answer, send, accepted, stopping, inputs, questions, acted } = this;
    return { run: id, question, answer, send, accepted, stopping, inputs, answers: questions.save(), acted: [...acted] };
  }

  /** Takes frames of this run in, up to the first that can't be read. */
  take(frames: readonly RunFrame[]): "whole" | "gap" | "unreadable" {
    let gap = false;
    try {
      for (const frame of frames) {
        const step: Step = applyFrame(this.state, frame);
        this.state = step.state;
        gap ||= step.gap;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        throw error;
      }
      return "unreadable";
    }
    this.questions.settle(this.state.parts);
    return gap ? "gap" : "whole";
  }

  /** The part that asks its reader something, and for how many seconds that may be thought about; null when none does. */
  get asking(): { readonly part: number; readonly seconds: number } | null {
    const parts = this.stopping ? [] : this.state.parts;
    const open = parts.flatMap((part, index) => {
      const question = openQuestion(part);
      return question ? [{ part: index, seconds: question.seconds }] : [];
    });
    return open.at(-1) ?? null;
  }

  /** Whether it has asked its reader anything. */
  get hasAsked(): boolean {
    return this.state.parts.some(({ kind }) => kind === "ask");
  }

  /** Whether it goes on only when its reader has answered, who has not. */
  isWaiting(now: number): boolean {
    return this.asking !== null && this.questions.isEmpty && (this.askedUntil === null || now < this.askedUntil);
  }

  /** The server takes no answer that it was sent: what asks is shown as if it had just come. */
  askAgain(): void {
    this.questions.forget();
    this.state = { ...this.state, parts: this.state.parts.map((part) => (part.kind === "ask" ? { ...part } : part)) };
  }

  /** Returns whether a replay has come as far as was shown before a reload; from then on, it has. */
  catchUp(): boolean {
    if (unitsOf(this.state.parts) < this.restoredUnits) {
      return false;
    }
    this.restoredUnits = 0;
    return true;
  }

  /** A new connection: the server may have heard nothing of the one before. */
  reconnected(): void {
    this.sent = false;
    this.cancelSent = false;
    this.resumeAsked = false;
    this.questions.reconnected();
  }
}
