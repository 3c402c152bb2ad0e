import type { ClientFrame } from "./protocol/frames";
import type { Conversation } from "./thread/conversation";

/** What the chat still has to tell the server; what it has told counts for the present connection only. */
export class Outbox {
  readonly #conversation: Conversation;
  readonly #withdrawnSent = new Set<string>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** A new connection: the server may have heard nothing of the one before. */
  reconnected(): void {
    this.#withdrawnSent.clear();
    this.#conversation.runs.forEach((run) => run.reconnected());
    this.#conversation.waiting.reconnected();
    this.#conversation.feedback.reconnected();
  }

  /** The server has certainly read these: of a withdrawn run, nothing is left to be told. */
  delivered(frames: readonly ClientFrame[]): void {
    const cancelled = new Set(frames.flatMap((frame) => (frame.type === "cancel" ? [frame.run] : [])));
    this.#conversation.waiting.delivered(frames);
    if (this.#conversation.withdrawn.some((run) => cancelled.has(run))) {
      this.#conversation.forgetWithdrawn(cancelled);
    }
  }

  /** What is due and can be sent; it counts as sent. */
  take(): ClientFrame[] {
    const frames: ClientFrame[] = [];
    for (const run of this.#conversation.withdrawn) {
      if (!this.#withdrawnSent.has(run)) {
        this.#withdrawnSent.add(run);
        frames.push({ type: "cancel", run });
      }
    }
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
      if (run.accepted && !run.stopping) {
        frames.push(...run.questions.take(run.state.parts).map((answer) => ({ type: "answer", run: run.id, ...answer }) as const));
        frames.push(...this.#conversation.waiting.due(run.id));
      }
    }
    return [...frames, ...this.#conversation.feedback.take()];
  }
}
