import { ProtocolError } from "../protocol/errors";
import type { RunFrame, SendFrame } from "../protocol/frames";
import { unitsOf } from "../protocol/content";
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
}

/** A run whose terminal frame has not arrived: what has been asked of the server and what has been read. */
export class LiveRun {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly inputs: readonly unknown[];
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

  constructor(id: string, question: string, answer: string, inputs: readonly unknown[] = []) {
    this.id = id;
    this.question = question;
    this.answer = answer;
    this.inputs = inputs;
    this.state = newRun(id);
  }

  static restore(saved: SavedRun): LiveRun {
    const run = new LiveRun(saved.run, saved.question, saved.answer, saved.inputs);
    run.send = saved.send;
    run.accepted = saved.accepted;
    run.stopping = saved.stopping;
    return run;
  }

  save(): SavedRun {
    const { id, question, answer, send, accepted, stopping, inputs } = this;
    return { run: id, question, answer, send, accepted, stopping, inputs };
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
    return gap ? "gap" : "whole";
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
  }
}
