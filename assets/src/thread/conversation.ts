import { ProtocolError } from "../protocol/errors";
import type { HistoryFrame, MessageRef, RunFrame, SendFrame } from "../protocol/frames";
import { applyFrame, isTerminal, textOf, type Step } from "../protocol/run-reducer";
import type { MessageState, MessageStatus } from "../state";
import { historyFrames } from "./history";
import { LiveRun } from "./live-run";
import { answerEntry, chain, edit, find, parentOf, sign, userEntry, type Entry, type Thread } from "./thread";
import type { ThreadStore } from "./thread-store";

const UNREADABLE = "The answer could not be read.";

type MessageError = MessageState["error"];

/**
 * A thread with the runs that still write to it; kept in the store at each turn of events, not at each token.
 *
 * Runs are held until their terminal frame, stopped ones too: it carries the signature that the next question builds on.
 */
export class Conversation {
  readonly #store: ThreadStore;
  #thread: Thread = [];
  #runs: readonly LiveRun[] = [];

  constructor(store: ThreadStore) {
    this.#store = store;
  }

  load(): void {
    const { thread, runs } = this.#store.load();
    this.#runs = runs.map((saved) => LiveRun.restore(saved));
    this.#thread = thread.map((entry) => (this.#isLost(entry) ? interrupted(entry) : entry));
    for (const run of this.#runs) {
      run.restoredUnits = textOf(find(thread, run.answer)?.message.parts ?? []).length;
    }
  }

  /** Whether an answer waits for a run that nobody knows of any more. */
  #isLost({ message: { key, status } }: Entry): boolean {
    return (status === "submitted" || status === "streaming") && !this.#runs.some((run) => run.answer === key);
  }

  save(): void {
    this.#store.save({ thread: this.#thread, runs: this.#runs.map((run) => run.save()) });
  }

  get messages(): readonly MessageState[] {
    return this.#thread.map((entry) => entry.message);
  }

  /** In the order of the thread. All but the last are stopped. */
  get runs(): readonly LiveRun[] {
    return this.#runs;
  }

  /** Whether an answer is awaited that has not been stopped. */
  get alive(): boolean {
    return this.#runs.some((run) => !run.stopping);
  }

  find(run: string): LiveRun | undefined {
    return this.#runs.find(({ id }) => id === run);
  }

  ask(run: string, text: string): void {
    const question = userEntry(`${run}-question`, text);
    this.#begin([...this.#thread, question], run, question.message.key);
  }

  /** Replaces the last answer. Returns false when there is none. */
  askAgain(run: string): boolean {
    const question = this.#thread.at(-2);
    if (!question) {
      return false;
    }
    this.#begin(this.#thread.slice(0, -1), run, question.message.key);
    return true;
  }

  #begin(thread: Thread, id: string, question: string): void {
    const answer = answerEntry(`${id}-answer`);
    this.#thread = [...thread, answer];
    this.#runs = [...this.#runs, new LiveRun(id, question, answer.message.key)];
    this.save();
  }

  /** What starts this run, the same each time; null while the message that it continues is not known. */
  sendFor(run: LiveRun): SendFrame | null {
    if (run.send === null && this.#isFree(run)) {
      run.send = this.#newSend(run);
      this.save();
    }
    return run.send;
  }

  #isFree(run: LiveRun): boolean {
    const before = this.#runs[this.#runs.indexOf(run) - 1];
    return !before || (before.accepted && (before.overtaken || before.question === run.question));
  }

  #newSend(run: LiveRun): SendFrame {
    const question = find(this.#thread, run.question);
    if (question?.signature) {
      return { type: "send", run: run.id, parent: question.signature.id, text: null };
    }
    // Also a question that was refused: it has no id, and is asked as if for the first time.
    const text = textOf(question?.message.parts ?? []);
    return { type: "send", run: run.id, parent: parentOf(this.#thread, run.question), text };
  }

  history(run: string, parent: string | null): HistoryFrame[] {
    return historyFrames(run, chain(this.#thread, parent));
  }

  /** The server does not take this history: what comes next begins a new one, below what is shown. */
  forgetSignatures(): void {
    this.#thread = this.#thread.map((entry) => ({ ...entry, signature: null }));
    this.save();
  }

  accepted(run: LiveRun, question: MessageRef): void {
    this.#thread = sign(this.#thread, run.question, question);
    run.accepted = true;
    this.save();
  }

  stop(run: LiveRun): void {
    run.stopping = true;
    this.#edit(run, { status: "stopped" });
    this.save();
  }

  /** Takes frames of one run in. Returns whether there is a gap. */
  read(run: LiveRun, frames: readonly RunFrame[]): boolean {
    const before = run.state;
    let gap = false;
    try {
      for (const frame of frames) {
        const step: Step = applyFrame(run.state, frame);
        run.state = step.state;
        gap ||= step.gap;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        throw error;
      }
      this.end(run, "error", { text: UNREADABLE, ref: null });
      return false;
    }
    if (run.state !== before) {
      this.#show(run);
    }
    return gap;
  }

  #show(run: LiveRun): void {
    const { state } = run;
    if (isTerminal(state)) {
      if (state.message) {
        this.#thread = sign(this.#thread, run.answer, state.message);
      }
      this.#edit(run, { parts: state.parts });
      this.end(run, state.status, state.error);
    } else if (run.restoredUnits === 0 || textOf(state.parts).length >= run.restoredUnits) {
      run.restoredUnits = 0;
      this.#edit(run, { parts: state.parts, status: run.stopping ? "stopped" : state.status });
    }
  }

  /** A stopped answer stays one, however it ends; unless it was complete before the server heard of Stop. */
  end(run: LiveRun, status: MessageStatus, error: MessageError = null): void {
    const stopped = run.stopping && status !== "done";
    this.#edit(run, stopped ? { status: "stopped", error: null } : { status, error });
    this.#runs = this.#runs.filter((other) => other !== run);
    this.save();
  }

  #edit(run: LiveRun, change: Partial<MessageState>): void {
    this.#thread = edit(this.#thread, run.answer, (entry) => ({ ...entry, message: { ...entry.message, ...change } }));
  }
}

function interrupted(entry: Entry): Entry {
  return { ...entry, message: { ...entry.message, status: "interrupted" } };
}
