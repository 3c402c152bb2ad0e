import type { OpenedThread } from "../history/opened-thread";
import type { FileRef, HistoryFrame, MessageRef, RunFrame, SendFrame } from "../protocol/frames";
import { isBlank, lastOf, unitsOf, viewIn } from "../protocol/content";
import { isTerminal } from "../protocol/run-reducer";
import type { MessageState, MessageStatus, PartState, Rating } from "../state";
import { AskingBack } from "./asking-back";
import { chain } from "./chain";
import { NO_PAGE, type ConversationPage } from "./conversation-page";
import { answerEntry, answerKey, questionKey, runOf, userEntry, type Entry } from "./entry";
import { FeedbackQueue } from "./feedback-queue";
import { historyFrames } from "./history";
import { LiveRun } from "./live-run";
import { isFree, newSend } from "./sending";
import type { ThreadStore } from "./thread-store";
import { ThreadTree } from "./thread-tree";
import { WaitingMessages } from "./waiting-messages";

const UNREADABLE = "The answer could not be read.";

type MessageError = MessageState["error"];

/**
 * A conversation with the runs that still write to it; kept in the store at each turn of events, not at each token.
 *
 * Runs are held until their terminal frame, stopped ones too: it carries the signature that the next question builds on.
 */
export class Conversation {
  readonly feedback = new FeedbackQueue();
  readonly waiting = new WaitingMessages();
  readonly #store: ThreadStore;
  readonly #page: ConversationPage;
  readonly #askingBack: AskingBack;
  readonly #newThread: () => string | null;
  #thread: string | null = null;
  #tree = new ThreadTree();
  #runs: readonly LiveRun[] = [];
  #withdrawn: readonly string[] = [];
  /** By run, of conversations that were left meanwhile: which parts' actions were done on the page. */
  readonly #acted = new Map<string, ReadonlySet<number>>();
  /** The key of the question that is marked as pending. */
  #pending: string | null = null;

  /**
   * @param page what of the page belongs to its conversation.
   * @param newThread makes an id for a conversation that begins; null where the server keeps none.
   */
  constructor(store: ThreadStore, page: ConversationPage = NO_PAGE, newThread: () => string | null = () => null) {
    this.#store = store;
    this.#page = page;
    this.#newThread = newThread;
    this.#askingBack = new AskingBack(() => this.#tree, page);
  }

  load(): void {
    const { thread, tree, runs, withdrawn, feedback, waiting } = this.#store.load();
    this.#thread = thread;
    this.#tree = tree;
    this.#pending = null;
    this.#withdrawn = withdrawn;
    this.feedback.load(feedback);
    this.#runs = runs.filter((run) => run.send !== null || tree.get(run.question)).map((saved) => LiveRun.restore(saved));
    for (const run of this.#runs) {
      run.restoredUnits = unitsOf(tree.get(run.answer)?.message.parts ?? []);
    }
    this.waiting.load(waiting, new Set(this.#runs.flatMap(({ id, stopping }) => (stopping ? [] : [id]))));
    const lost = [...tree.entries].filter((entry) => this.#isLost(entry));
    lost.forEach(({ message }) => tree.edit(message.key, { status: "interrupted" }));
  }

  /** Whether the store has taken anything to be loaded. */
  get isStored(): boolean {
    return !this.#store.isEmpty;
  }

  /** Whether an answer waits for a run that nobody knows of any more. */
  #isLost({ message: { key, status } }: Entry): boolean {
    return (status === "submitted" || status === "streaming") && !this.#runs.some((run) => run.answer === key);
  }

  save(): void {
    this.#store.save({
      thread: this.#thread,
      tree: this.#tree,
      runs: this.#runs.map((run) => run.save()),
      withdrawn: this.#withdrawn,
      feedback: this.feedback.save(),
      waiting: this.waiting.save(),
    });
  }

  /** The conversation's id on the server; null before it has one, and where none is kept. */
  get thread(): string | null {
    return this.#thread;
  }

  /** Whether the server has it, so that it is found again. */
  get isKept(): boolean {
    return this.#thread !== null && [...this.#tree.entries].some(({ signature }) => signature !== null);
  }

  /** Whether the server has everything that was asked, so that nothing is lost when something else is shown. */
  get isTold(): boolean {
    return this.#runs.every((run) => run.accepted || run.stopping) && this.waiting.states.length === 0;
  }

  /**
   * Goes on with another conversation, or from its beginning with null. This one's answers go on at the server, where
   * they belong to it.
   */
  open(opened: OpenedThread | null): void {
    // What was stopped stays so, also when the server has not heard of it yet.
    this.#runs.filter(({ stopping }) => stopping).forEach((run) => this.#noteWithdrawn(run));
    this.#runs.forEach((run) => this.#acted.set(run.id, run.acted));
    if (opened?.run) {
      opened.run.acted = this.#acted.get(opened.run.id) ?? opened.run.acted;
    }
    this.#store.empty();
    this.#thread = opened?.id ?? null;
    this.#tree = opened?.tree ?? new ThreadTree();
    this.#runs = opened?.run ? [opened.run] : [];
    this.#pending = null;
    this.waiting.load({ messages: [], isHeld: false }, new Set());
    this.save();
  }

  /** What is shown. */
  get messages(): readonly MessageState[] {
    return this.#tree.messages;
  }

  /** Of the last message, whether it is shown or not. */
  get lastStatus(): MessageStatus | undefined {
    return this.#tree.last?.message.status;
  }

  /** Whether a conversation was cleared and can still be brought back. */
  get isCleared(): boolean {
    return this.#tree.isCleared;
  }

  /** Runs that were withdrawn after they may have been sent: the server has to be told. */
  get withdrawn(): readonly string[] {
    return this.#withdrawn;
  }

  /** In the order in which they were begun. All but the last are stopped. */
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

  ask(run: string, text: string, nowMs: number, attachments: readonly FileRef[] = []): void {
    this.#askBelow(this.#tree.last?.message.key ?? null, run, text, nowMs, attachments);
  }

  /** Asks in place of a question, with its files, as a new branch. Returns false when no such question is shown. */
  askInstead(question: string, run: string, text: string, nowMs: number): boolean {
    const entry = this.#shown(question, "user");
    if (entry) {
      this.#askBelow(entry.parent, run, text, nowMs, entry.message.attachments);
    }
    return entry !== undefined;
  }

  #askBelow(
    parent: string | null,
    run: string,
    text: string,
    nowMs: number,
    attachments: readonly FileRef[],
  ): void {
    this.#tree.add(userEntry(questionKey(run), parent, text, nowMs, attachments));
    this.#begin(run, questionKey(run), nowMs);
  }

  /**
   * Asks an answer's question again, as a new branch; one that has no text is replaced. Returns false when no such answer
   * is shown.
   */
  answerAgain(answer: string, run: string, nowMs: number): boolean {
    const entry = this.#shown(answer, "assistant");
    if (!entry || entry.parent === null) {
      return false;
    }
    if (isBlank(entry.message.parts) && !this.#tree.hasAnswers(answer)) {
      this.#tree.remove(answer);
    }
    this.#begin(run, entry.parent, nowMs);
    return true;
  }

  #shown(key: string, role: MessageState["role"]): Entry | undefined {
    const entry = this.#tree.isOnPath(key) ? this.#tree.get(key) : undefined;
    return entry?.message.role === role ? entry : undefined;
  }

  #begin(run: string, question: string, nowMs: number): void {
    const answer = answerEntry(answerKey(run), question, nowMs);
    this.#thread ??= this.#newThread();
    this.#tree.add(answer);
    this.#runs = [...this.#runs, new LiveRun(run, question, answer.message.key, this.#page.inputs())];
    this.waiting.release();
    this.save();
  }

  switchBranch(key: string, places: number): void {
    this.#tree.step(key, places);
    this.save();
  }

  /** Shows nothing any more. What is still awaited is stopped, what was not sent yet never is. */
  clear(): void {
    for (const run of this.#runs.filter((live) => !live.stopping)) {
      if (this.#isWithdrawable(run)) {
        this.#noteWithdrawn(run);
        this.end(run, "stopped");
      } else {
        this.stop(run);
      }
    }
    // What is asked next is another conversation; the server has nothing of one that comes back, and takes any id for it.
    this.#thread = null;
    this.#tree.clear();
    this.waiting.clear();
    this.save();
  }

  undoClear(): void {
    this.#tree.undoClear();
    this.waiting.undoClear();
    this.save();
  }

  /** Returns false when there is no such answer, or one that the server does not know. */
  rate(answer: string, rating: Rating | null, comment: string): boolean {
    const entry = this.#shown(answer, "assistant");
    if (!entry?.signature) {
      return false;
    }
    const frame = { type: "feedback", run: runOf(answer), message: entry.signature.id, rating, comment } as const;
    this.feedback.put(frame, entry.message.rating);
    this.#tree.edit(answer, { rating });
    this.save();
    return true;
  }

  /** Of what the server does not take, it is shown what it was told before. */
  feedbackRefused(run: string): void {
    const told = this.feedback.refused(run);
    if (told !== undefined) {
      this.#tree.edit(answerKey(run), { rating: told });
      this.save();
    }
  }

  feedbackTaken(run: string): void {
    this.feedback.taken(run);
    this.save();
  }

  /** Whether the run is all that its question is there for, and nobody works on it as far as is known. */
  #isWithdrawable(run: LiveRun): boolean {
    return !run.accepted && !run.stopping && run.question === questionKey(run.id);
  }

  /** Marks the question that waits for its sending, if that lasts. */
  markPending(isStalled: boolean): void {
    const pending = (isStalled ? this.#runs.find((live) => this.#isWithdrawable(live))?.question : null) ?? null;
    if (pending !== this.#pending) {
      for (const [key, isPending] of [[this.#pending, false], [pending, true]] as const) {
        this.#tree.edit(key ?? "", { pending: isPending });
      }
      this.#pending = pending;
    }
  }

  /** Takes a question that was not accepted back, with its answer. Returns false when there is none. */
  withdraw(question: string): boolean {
    const run = this.#runs.find((live) => live.question === question && this.#isWithdrawable(live));
    if (!run) {
      return false;
    }
    this.#tree.remove(run.question);
    this.#runs = this.#runs.filter((other) => other !== run);
    this.#noteWithdrawn(run);
    this.waiting.hold();
    this.save();
    return true;
  }

  #noteWithdrawn(run: LiveRun): void {
    if (run.send !== null || run.accepted) {
      this.#withdrawn = [...this.#withdrawn, run.id];
    }
  }

  forgetWithdrawn(runs: ReadonlySet<string>): void {
    this.#withdrawn = this.#withdrawn.filter((run) => !runs.has(run));
    this.save();
  }

  /** The server can't be told anything any more. */
  nothingToTell(): void {
    this.feedback.save().forEach(({ frame, told }) => this.#tree.edit(answerKey(frame.run), { rating: told }));
    this.feedback.load([]);
    this.#withdrawn = [];
    this.save();
  }

  /** What starts this run, the same each time; null while the message that it continues is not known. */
  sendFor(run: LiveRun): SendFrame | null {
    if (run.send === null && isFree(this.#tree, this.#runs, run)) {
      run.send = newSend(this.#tree, run, this.#thread);
      this.save();
    }
    return run.send;
  }

  history(run: string, parent: string | null): HistoryFrame[] {
    return historyFrames(run, chain(this.#tree, parent));
  }

  /** The server does not take this history: what comes next begins a new one, below what is shown. */
  forgetSignatures(): void {
    this.#tree.forgetSignatures();
    this.save();
  }

  /** @param view how the author shows the question; null: as the chat does. */
  accepted(run: LiveRun, question: MessageRef, model: string | null, view: string | null): void {
    this.#tree.sign(run.question, question);
    this.#tree.edit(run.question, { view });
    this.#tree.edit(run.answer, { model });
    run.accepted = true;
    this.save();
  }

  /** Answers what a live answer asks in one of its parts. Returns false when it asks that no more. */
  answer(key: string, part: PartState, value: unknown): boolean {
    const run = this.#runs.find((live) => live.answer === key);
    const isTaken = run !== undefined && this.#askingBack.answer(run, part, value);
    if (isTaken) {
      this.save();
    }
    return isTaken;
  }

  /** Does what an answer does on the page and has not been done. */
  act(run: LiveRun): void {
    if (this.#askingBack.act(run)) {
      this.save();
    }
  }

  /** Returns false when the page can't do it. */
  undo(key: string, part: PartState): boolean {
    const isUndone = this.#askingBack.undo(key, part);
    this.save();
    return isUndone;
  }

  /** The server does not take what was answered: what is asked can be answered anew. */
  askAgain(run: LiveRun): void {
    run.askAgain();
    this.save();
    this.#show(run);
  }

  stop(run: LiveRun): void {
    run.stopping = true;
    this.waiting.stopped(run.id);
    this.#edit(run, { status: "stopped", doing: "" });
    this.save();
  }

  /** Takes frames of one run in. Returns whether there is a gap. */
  read(run: LiveRun, frames: readonly RunFrame[]): boolean {
    const before = run.state;
    const outcome = run.take(frames);
    this.waiting.settle(run.state.parts);
    if (outcome === "unreadable") {
      this.end(run, "error", { text: UNREADABLE, ref: null });
    } else if (run.state !== before) {
      this.#show(run);
    }
    return outcome === "gap";
  }

  #show(run: LiveRun): void {
    const { state } = run;
    if (isTerminal(state)) {
      if (state.message) {
        this.#tree.sign(run.answer, state.message);
      }
      const { parts, suggestions } = state;
      const view = state.status === "done" ? viewIn(parts) : null;
      this.#edit(run, { parts: this.#askingBack.shownParts(run), view, suggestions, doing: "", usage: lastOf("usage", parts) });
      this.end(run, state.status, state.error);
    } else if (run.catchUp()) {
      const doing = run.stopping ? "" : (JSON.parse(lastOf("status", state.parts) ?? '""') as string);
      this.#edit(run, { parts: this.#askingBack.shownParts(run), status: run.stopping ? "stopped" : state.status, doing });
    }
  }

  /** A stopped answer stays one, however it ends; unless it was complete before the server heard of Stop. */
  end(run: LiveRun, status: MessageStatus, error: MessageError = null): void {
    const stopped = run.stopping && status !== "done";
    this.#edit(run, stopped ? { status: "stopped", error: null } : { status, error });
    this.#runs = this.#runs.filter((other) => other !== run);
    this.waiting.ended(run.id);
    if (!run.stopping && status !== "done") {
      this.waiting.hold();
    }
    this.save();
    if (status === "done") {
      this.#page.answered();
    }
  }

  #edit(run: LiveRun, change: Partial<MessageState>): void {
    this.#tree.edit(run.answer, change);
  }
}
