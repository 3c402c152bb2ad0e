import type { FeedbackFrame } from "../protocol/frames";
import type { Rating } from "../state";

/** What the server has still to be told of an answer. */
export interface PendingFeedback {
  readonly frame: FeedbackFrame;
  /** What it has been told before. */
  readonly told: Rating | null;
}

/** How often the server may ask for the history of one answer. */
const MAX_HISTORY_ROUNDS = 3;

/** What readers think of answers, until the server has heard it: of each answer the latest, and one thing at a time. */
export class FeedbackQueue {
  /** By run, as all that follows. */
  readonly #pending = new Map<string, PendingFeedback>();
  /** What the present connection has been told, and not answered. */
  readonly #asked = new Map<string, FeedbackFrame>();
  readonly #historyRounds = new Map<string, number>();

  load(saved: readonly PendingFeedback[]): void {
    this.#pending.clear();
    this.reconnected();
    this.#historyRounds.clear();
    saved.forEach((pending) => this.#pending.set(pending.frame.run, pending));
  }

  save(): readonly PendingFeedback[] {
    return [...this.#pending.values()];
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  has(run: string): boolean {
    return this.#pending.has(run);
  }

  /** @param before what was shown until now. */
  put(frame: FeedbackFrame, before: Rating | null): void {
    const pending = this.#pending.get(frame.run);
    this.#pending.set(frame.run, { frame, told: pending ? pending.told : before });
  }

  /** A new connection: the server may have heard nothing of the one before. */
  reconnected(): void {
    this.#asked.clear();
  }

  /** What is due; it counts as told. */
  take(): FeedbackFrame[] {
    const due = [...this.#pending.values()].map(({ frame }) => frame).filter(({ run }) => !this.#asked.has(run));
    due.forEach((frame) => this.#asked.set(frame.run, frame));
    return due;
  }

  taken(run: string): void {
    const pending = this.#pending.get(run);
    const asked = this.#settle(run);
    if (pending && pending.frame === asked) {
      this.#pending.delete(run);
    } else if (pending && asked) {
      this.#pending.set(run, { frame: pending.frame, told: asked.rating });
    }
  }

  /** Returns what the server still believes; undefined when there is something newer to be told. */
  refused(run: string): Rating | null | undefined {
    const pending = this.#pending.get(run);
    if (!pending || this.#settle(run) !== pending.frame) {
      return undefined;
    }
    this.#pending.delete(run);
    return pending.told;
  }

  /** It may be told again. */
  postponed(run: string): void {
    this.#asked.delete(run);
  }

  /** The server has asked for the history. Returns what to repeat after it; null when it has asked too often. */
  needsHistory(run: string): FeedbackFrame | null {
    const rounds = (this.#historyRounds.get(run) ?? 0) + 1;
    this.#historyRounds.set(run, rounds);
    return rounds > MAX_HISTORY_ROUNDS ? null : (this.#asked.get(run) ?? null);
  }

  #settle(run: string): FeedbackFrame | undefined {
    const asked = this.#asked.get(run);
    this.#asked.delete(run);
    this.#historyRounds.delete(run);
    return asked;
  }
}
