import { Attempt } from "./attempt";
import type { Cancel, Clock } from "./clock";
import { connectionState, nextPhase, type Phase, type Signal } from "./connection-phase";
import { Fallback, type TransportMode } from "./fallback";
import { IdleTimer } from "./idle-timer";
import { sortInbound } from "./inbound";
import { Liveness } from "./liveness";
import { Outage } from "./outage";
import type { PageLife } from "./page-life";
import type { ByeFrame, ClientFrame, ServerFrame, WelcomeFrame } from "./protocol/frames";
import type { ConnectionState } from "./state";
import type { Session, Transport, TransportEvents, TransportFactory } from "./transport/types";

/** The chat that a connection serves. */
export interface ConnectionOwner extends Session {
  /** Frames can be sent, to a server that has seen none of what was sent on an earlier connection. */
  onOpen(): void;
  /** The server has certainly read these. */
  onDelivered(frames: readonly ClientFrame[]): void;
  /** Returns whether they have brought the chat forward. */
  onFrames(frames: readonly ServerFrame[]): boolean;
  /** `state`, `notice` or `maxPromptChars` may have changed. */
  onConnectionChange(): void;
}

export interface ConnectionOptions {
  readonly mode: TransportMode;
  readonly transport: TransportFactory;
  readonly clock: Clock;
  readonly page: PageLife;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** What holds until the first welcome; docs/protocol.md names the fields. */
const DEFAULT_LIMITS = { heartbeat_ms: 15_000, idle_ms: 30_000, max_prompt_chars: 32_000 };
/** How long after `bye` the server's own close is awaited. */
const CLOSING_TIMEOUT_MS = 2_000;
/** How long the chats of a server that shuts down take to come back, one by one. */
const SHUTDOWN_JITTER_MS = 1_000;
/** What asks for something of the server; how long it may take, once it has left, until anything is heard. */
const ASKING: ReadonlySet<ClientFrame["type"]> = new Set(["send", "cancel", "answer", "deliver", "feedback"]);
const ANSWER_MS = 5_000;

/** Keeps a transport open while the chat needs one: retries, falls back, watches for silence, closes when idle. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #owner: ConnectionOwner;
  readonly #fallback: Fallback;
  readonly #outage: Outage;
  readonly #liveness: Liveness;
  readonly #idle: IdleTimer;
  #phase: Phase = "closed";
  #notice: string | null = null;
  #limits: Omit<WelcomeFrame, "type" | "v"> = DEFAULT_LIMITS;
  #transport: Transport | null = null;
  #attempt = new Attempt(0);
  /** Whether the server has answered since the connection is needed. */
  #answered = false;
  #cancelTimer: Cancel = () => {};
  #unlisten: Cancel = () => {};

  constructor(options: ConnectionOptions, owner: ConnectionOwner) {
    const { clock, mode, random } = options;
    this.#options = options;
    this.#owner = owner;
    this.#fallback = new Fallback(mode);
    this.#outage = new Outage(clock, random);
    this.#liveness = new Liveness(clock, () => this.#lost());
    this.#idle = new IdleTimer(clock, () => owner.expecting(), () => this.close());
  }

  get state(): ConnectionState {
    const answered = this.#attempt.welcomed || !this.#owner.expecting();
    return connectionState(this.#phase, { answered, lost: this.#answered, online: this.#options.page.online });
  }

  /** Whether frames can be sent. */
  get ready(): boolean {
    return this.#phase === "open";
  }

  get notice(): string | null {
    return this.#notice;
  }

  get maxPromptChars(): number {
    return this.#limits.max_prompt_chars;
  }

  /** Opens when closed, and does not wait for the next attempt unless the server has asked for that. */
  open(): void {
    this.#idle.used();
    if (this.#phase === "closed") {
      const { clock, page } = this.#options;
      this.#answered = false;
      this.#outage.beginAnew();
      this.#fallback.begin(clock.now());
      this.#unlisten = page.listen({
        online: () => this.#hurry(),
        offline: () => this.#doubt(),
        // The wait's timer may be late by a minute on a hidden page.
        shown: () => (this.#phase === "waiting" ? this.#hurry() : this.#doubt()),
      });
      this.#connect("open");
    } else if (this.#phase === "waiting" && this.#outage.mayHurry) {
      this.#connect("due");
    }
  }

  /** The user has lost patience, perhaps with an attempt that would hang for longer. */
  tryNow(): void {
    if (this.#phase === "connecting" && this.#attempt.isHung(this.#options.clock.now())) {
      this.#failed();
    }
    this.#hurry();
  }

  /** Whatever is known of the network may be wrong now: leaves an attempt that has not come far, for a new one. */
  #hurry(): void {
    if (this.#outage.mayHurry && (this.#phase === "waiting" || this.#phase === "connecting")) {
      this.#endTransport();
      this.#signal("retry");
      this.#connect("due");
    } else {
      this.#doubt();
    }
  }

  /** Sends now when ready. Otherwise nothing: the owner sends what is due in `onOpen`. */
  send(frames: readonly ClientFrame[]): void {
    if (this.#phase !== "open" || !this.#transport) {
      return;
    }
    this.#idle.used();
    if (this.#transport.answersPings && frames.some(({ type }) => ASKING.has(type))) {
      this.#transport.send([...frames, { type: "ping" }]);
      this.#liveness.expect(ANSWER_MS);
    } else {
      this.#transport.send(frames);
    }
  }

  /** Shows what the server has said of this connection, until it greets again. */
  tell(notice: string): void {
    this.#notice = notice;
    this.#owner.onConnectionChange();
  }

  /** Asks for the runs again from where the owner has them. */
  resume(): void {
    if (this.#phase === "open") {
      this.#transport?.resume();
    }
  }

  close(): void {
    this.#endTransport();
    this.#notice = null;
    this.#signal("close");
  }

  #connect(signal: Signal): void {
    this.#cancelTimer();
    this.#attempt = new Attempt(this.#options.clock.now());
    const outageMs = this.#outage.attempt();
    if (outageMs !== null) {
      this.#fallback.again(outageMs);
    }
    const events: TransportEvents = {
      opened: () => this.#opened(),
      received: (frames) => this.#received(frames),
      delivered: (frames) => this.#owner.onDelivered(frames),
      heard: () => this.#liveness.heard(),
      closed: () => this.#lost(),
    };
    this.#transport = this.#options.transport(this.#fallback.kind, this.#owner, events);
    this.#signal(signal);
    this.#transport.open();
  }

  #opened(): void {
    this.#attempt.opened = true;
    this.#idle.used();
    this.#signal("opened");
    this.#watch();
    this.#owner.onOpen();
    this.#closeIfEmpty();
  }

  #watch(): void {
    if (this.#transport) {
      this.#liveness.watch(this.#transport, this.#limits.heartbeat_ms);
      this.#idle.start(this.#limits.idle_ms);
    }
  }

  #received(frames: readonly ServerFrame[]): void {
    const transport = this.#transport;
    this.#attempt.heard = true;
    this.#fallback.heard();
    const { welcome, bye, refused, asked, forChat } = sortInbound(frames);
    if (welcome) {
      this.#welcomed(welcome);
    }
    if (asked) {
      transport?.send([{ type: "pong" }]);
    }
    if (forChat.length > 0) {
      this.#idle.used();
      const attempt = this.#attempt;
      if (this.#owner.onFrames(forChat)) {
        attempt.bearFruit();
      }
    }
    if (this.#transport !== transport) {
      return;
    }
    if (refused) {
      this.#stayAway(refused.retry_ms ?? 0);
      this.#notice = refused.text;
      this.#lost();
    } else if (bye) {
      this.#bye(bye);
    } else {
      this.#closeIfEmpty();
    }
  }

  #welcomed(frame: WelcomeFrame): void {
    this.#attempt.welcome(this.#options.clock.now());
    this.#answered = true;
    this.#limits = frame;
    this.#notice = null;
    this.#watch();
    this.#owner.onConnectionChange();
  }

  /** What is on its way is still read. The server closes first: two closes that cross may look like a fault. */
  #bye({ code, retry_ms }: ByeFrame): void {
    this.#liveness.stop();
    this.#signal("bye");
    this.#cancelTimer();
    if (code === "shutdown") {
      // Whoever takes over is there already, or soon.
      const delayMs = this.#outage.stayAway(0, SHUTDOWN_JITTER_MS);
      this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#lost());
    } else {
      this.#stayAway(retry_ms);
      this.#cancelTimer = this.#options.clock.after(CLOSING_TIMEOUT_MS, () => this.#lost());
    }
  }

  /** Up to twice the time asked for, so that the chats that were sent away come back one by one. */
  #stayAway(retryMs: number): void {
    this.#outage.stayAway(retryMs, retryMs);
  }

  /** The transport has ended, or is of no use any more. */
  #lost(): void {
    if (this.#attempt.wasOfUse(this.#options.clock.now())) {
      this.#outage.begin();
    } else if (!this.#attempt.heard) {
      this.#failed();
    }
    this.#endTransport();
    if (this.#owner.expecting()) {
      this.#retry();
    } else {
      this.#notice = null;
      this.#signal("ended");
    }
  }

  /** Not one word has come: that may be what the network does to this kind of transport, if there is one. */
  #failed(): void {
    const { clock, page } = this.#options;
    const counts = page.online && this.#transport?.tried;
    if (counts && this.#fallback.failed(clock.now(), this.#attempt.opened)) {
      this.#outage.beginAnew();
    }
  }

  #retry(): void {
    const { delayMs } = this.#outage;
    this.#signal("retry");
    if (delayMs === 0) {
      // Without a timer: those of a hidden page may take a minute.
      this.#connect("due");
      return;
    }
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      // What was owed may have been given up in the meantime.
      if (this.#owner.expecting()) {
        this.#connect("due");
      } else {
        this.close();
      }
    });
  }

  /** There is reason to ask whether the connection is still there, or to tell the user of what has changed. */
  #doubt(): void {
    if (this.#phase === "open") {
      this.#liveness.probe();
    }
    this.#owner.onConnectionChange();
  }

  /** The next open() decides anew whether there can be something better than SSE. */
  #closeIfEmpty(): void {
    if (this.#fallback.fallenBack && this.#phase === "open" && !this.#owner.expecting()) {
      this.close();
    }
  }

  #endTransport(): void {
    this.#cancelTimer();
    this.#liveness.stop();
    this.#idle.stop();
    this.#transport?.close();
    this.#transport = null;
  }

  #signal(signal: Signal): void {
    const phase = nextPhase(this.#phase, signal);
    if (phase !== null && phase !== this.#phase) {
      this.#phase = phase;
      if (phase === "closed") {
        this.#unlisten();
      }
      this.#owner.onConnectionChange();
    }
  }
}
