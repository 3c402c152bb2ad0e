import type { ClientFrame, DeliverFrame, FileRef, SnapshotPart } from "../protocol/frames";
import type { WaitingState } from "../state";

/** A message that was sent while an answer was being written. */
export interface WaitingMessage {
  readonly id: string;
  readonly text: string;
  readonly attachments: readonly FileRef[];
  readonly createdMs: number;
  /** The run that it is said into; null when it is asked after the answer. */
  readonly run: string | null;
  /** Whether the server may have it, or certainly has. */
  readonly way: "unsent" | "sent" | "delivered";
}

/** As kept over a reload. */
export interface SavedWaiting {
  readonly messages: readonly WaitingMessage[];
  readonly isHeld: boolean;
}

/** As many as are still a conversation. */
const MOST = 20;

/**
 * What was sent while an answer was being written, in its order: asked when that is complete, or said into it.
 *
 * An answer that was stopped or has failed holds what is left, until its reader asks something.
 */
export class WaitingMessages {
  #messages: readonly WaitingMessage[] = [];
  #cleared: readonly WaitingMessage[] = [];
  #isHeld = false;
  #states: readonly WaitingState[] = [];
  /** On their way on the present connection. */
  readonly #inFlight = new Set<string>();

  /** @param runs the ids of those that are alive: what is kept of others is held. */
  load({ messages, isHeld }: SavedWaiting, runs: ReadonlySet<string>): void {
    this.#cleared = [];
    this.reconnected();
    this.#isHeld = isHeld || runs.size === 0;
    this.#set(messages.map((message) => (message.run === null || runs.has(message.run) ? message : leftOver(message))));
  }

  save(): SavedWaiting {
    return { messages: this.#messages, isHeld: this.#isHeld };
  }

  /** The same object as long as nothing has changed. */
  get states(): readonly WaitingState[] {
    return this.#states;
  }

  /** Returns false when too many are waiting. */
  put(message: Omit<WaitingMessage, "way">): boolean {
    if (this.#messages.length >= MOST) {
      return false;
    }
    this.#set([...this.#messages, { ...message, way: "unsent" }]);
    return true;
  }

  /** What is to be asked now that no answer is awaited; undefined when there is nothing, or it is held. */
  get next(): WaitingMessage | undefined {
    return this.#isHeld ? undefined : this.#messages.find(({ run }) => run === null);
  }

  /** Takes one out. Returns undefined when there is none, or the server may have it. */
  take(id: string): WaitingMessage | undefined {
    const taken = this.#messages.find((message) => message.id === id && (message.run === null || message.way === "unsent"));
    this.#set(this.#messages.filter((message) => message !== taken));
    return taken;
  }

  /** Something is asked: what is left follows it. What was cleared is gone with that. */
  release(): void {
    this.#cleared = [];
    this.#isHeld = false;
    this.#set(this.#messages);
  }

  hold(): void {
    this.#isHeld = true;
    this.#set(this.#messages);
  }

  clear(): void {
    this.#cleared = this.#messages.map(leftOver);
    this.#set([]);
  }

  undoClear(): void {
    this.#set([...this.#cleared, ...this.#messages]);
    this.#cleared = [];
  }

  // Of those that are said into a run

  /** Those that are to be sent; they count as sent. They go one after the other, since commands may overtake each other. */
  due(run: string): DeliverFrame[] {
    const due = this.#messages.filter((message) => message.run === run && message.way !== "delivered");
    if (due.length === 0 || due.some(({ id }) => this.#inFlight.has(id))) {
      return [];
    }
    due.forEach(({ id }) => this.#inFlight.add(id));
    this.#edit(due, { way: "sent" });
    return due.map(({ id, text }) => ({ type: "deliver", run, id, text }));
  }

  /** Whether the server has still to be told of some. */
  isOwing(run: string): boolean {
    return this.#messages.some((message) => message.run === run && message.way !== "delivered");
  }

  /** The server has certainly read these. */
  delivered(frames: readonly ClientFrame[]): void {
    const ids = new Set(frames.flatMap((frame) => (frame.type === "deliver" ? [frame.id] : [])));
    ids.forEach((id) => this.#inFlight.delete(id));
    this.#edit(
      this.#messages.filter(({ id, run }) => run !== null && ids.has(id)),
      { way: "delivered" },
    );
  }

  /** A new connection: the server may have heard nothing of the one before. */
  reconnected(): void {
    this.#inFlight.clear();
  }

  /** The server does not put it into the run. */
  refused(id: string): void {
    this.#inFlight.delete(id);
    this.#set(this.#messages.map((message) => (message.id === id ? leftOver(message) : message)));
  }

  /** What has become part of an answer waits no more. */
  settle(parts: readonly SnapshotPart[]): void {
    if (this.#messages.length > 0) {
      const taken = new Set(parts.flatMap((part) => (part.kind === "steer" && part.ended ? [steerOf(part).id] : [])));
      this.#set(this.#messages.filter(({ id }) => !taken.has(id)));
    }
  }

  /** Its reader has stopped the run: what was not sent will not be. */
  stopped(run: string): void {
    this.#isHeld = true;
    this.#set(this.#messages.map((message) => (message.run === run && message.way === "unsent" ? leftOver(message) : message)));
  }

  /** The run has ended, and has taken what it has taken. */
  ended(run: string): void {
    this.#set(this.#messages.map((message) => (message.run === run ? leftOver(message) : message)));
  }

  #edit(edited: readonly WaitingMessage[], change: Partial<WaitingMessage>): void {
    this.#set(this.#messages.map((message) => (edited.includes(message) ? { ...message, ...change } : message)));
  }

  #set(messages: readonly WaitingMessage[]): void {
    this.#messages = messages;
    const states = messages.map((message) => this.#stateOf(message));
    const before = this.#states;
    if (states.length !== before.length || states.some(({ key, status }, at) => key !== before[at]?.key || status !== before[at].status)) {
      this.#states = states;
    }
  }

  #stateOf({ id, text, attachments, createdMs, run, way }: WaitingMessage): WaitingState {
    const queued = this.#isHeld ? "held" : "queued";
    const status = run === null ? queued : way === "unsent" ? "unsent" : "unread";
    return { key: id, text, attachments, createdMs, status };
  }
}

function leftOver(message: WaitingMessage): WaitingMessage {
  return { ...message, run: null, way: "unsent" };
}

/** What a reader has said into an answer, as the server writes it into a part. */
export function steerOf({ text }: Pick<SnapshotPart, "text">): { readonly id: string; readonly text: string } {
  return JSON.parse(text) as { readonly id: string; readonly text: string };
}
