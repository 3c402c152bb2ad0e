import { backoffMs } from "./backoff";
import type { Cancel, Clock } from "./clock";
import { connectionState, nextPhase, type Phase, type Signal } from "./connection-phase";
import type { ByeFrame, ClientFrame, RefusedFrame, ServerFrame, WelcomeFrame } from "./protocol/frames";
import type { ConnectionState } from "./state";
import type { Session, Transport, TransportEvents, TransportFactory, TransportKind } from "./transport/types";

export type TransportMode = "auto" | TransportKind;

/** The chat that a connection serves. */
export interface ConnectionOwner extends Session {
  /** Frames can be sent, to a server that has seen none of what was sent on an earlier connection. */
  onOpen(): void;
  onFrames(frames: readonly ServerFrame[]): void;
  /** `state`, `notice` or `maxPromptChars` may have changed. */
  onConnectionChange(): void;
}

export interface ConnectionOptions {
  readonly mode: TransportMode;
  readonly transport: TransportFactory;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** What holds until the first welcome; docs/protocol.md names the fields. */
const DEFAULT_LIMITS = { heartbeat_ms: 15_000, idle_ms: 30_000, max_prompt_chars: 32_000 };
/** A connection that ends sooner after its welcome counts as a failed attempt. */
const STABLE_MS = 5_000;
/** How long after `bye` the server's own close is awaited. */
const CLOSING_TIMEOUT_MS = 2_000;
/** Failed attempts in a row after which SSE takes over. */
const FALLBACK_AFTER = 2;
const RECONNECTING = "The connection was lost. Reconnecting…";

/** Keeps a transport open while the chat needs one: retries, falls back, watches for silence, closes when idle. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #owner: ConnectionOwner;
  #phase: Phase = "closed";
  #notice: string | null = null;
  #limits: Omit<WelcomeFrame, "type" | "v"> = DEFAULT_LIMITS;
  #kind: TransportKind;
  #transport: Transport | null = null;
  /** Failed attempts in a row of the present kind. */
  #failures = 0;
  #retries = 0;
  #everWelcomed = false;
  #websocketWorked = false;
  #attempt = { opened: false, welcomedAt: null as number | null };
  /** Set by the server: how long to stay away. */
  #stayAwayMs: number | null = null;
  #heardAt = 0;
  #pinged = false;
  #busyAt = 0;
  #cancelTimer: Cancel = () => {};
  #cancelHeartbeat: Cancel = () => {};
  #cancelIdle: Cancel = () => {};

  constructor(options: ConnectionOptions, owner: ConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#kind = options.mode === "sse" ? "sse" : "websocket";
  }

  get state(): ConnectionState {
    return connectionState(this.#phase);
  }

  get notice(): string | null {
    return this.#notice;
  }

  get maxPromptChars(): number {
    return this.#limits.max_prompt_chars;
  }

  /** Opens when closed, and does not wait for the next attempt unless the server has asked for that. */
  open(): void {
    this.#busyAt = this.#options.clock.now();
    if (this.#phase === "closed") {
      this.#retries = 0;
      this.#returnToWebSocket();
      this.#connect("open");
    } else if (this.#phase === "waiting" && this.#stayAwayMs === null) {
      this.#connect("due");
    }
  }

  /** Sends now when open. Otherwise nothing: the owner sends what is due in `onOpen`. */
  send(frames: readonly ClientFrame[]): void {
    if (this.#phase === "open") {
      this.#busyAt = this.#options.clock.now();
      this.#transport?.send(frames);
    }
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
    this.#stayAwayMs = null;
    this.#attempt = { opened: false, welcomedAt: null };
    const events: TransportEvents = {
      opened: () => this.#opened(),
      received: (frames) => this.#received(frames),
      heard: () => this.#heard(),
      closed: () => this.#lost(),
    };
    this.#transport = this.#options.transport(this.#kind, this.#owner, events);
    this.#signal(signal);
    this.#transport.open();
  }

  #opened(): void {
    this.#attempt.opened = true;
    this.#busyAt = this.#options.clock.now();
    this.#signal("opened");
    this.#scheduleHeartbeat();
    this.#scheduleIdle(this.#limits.idle_ms);
    this.#owner.onOpen();
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.now();
    this.#pinged = false;
  }

  #received(frames: readonly ServerFrame[]): void {
    const transport = this.#transport;
    const forOwner: ServerFrame[] = [];
    let bye: ByeFrame | null = null;
    let refused: RefusedFrame | null = null;
    for (const frame of frames) {
      if (frame.type === "welcome") {
        this.#welcomed(frame);
      } else if (frame.type === "bye") {
        bye = frame;
      } else if (frame.type === "refused" && frame.run === undefined && isTemporary(frame)) {
        refused = frame;
      } else if (frame.type !== "pong") {
        forOwner.push(frame);
      }
    }
    if (forOwner.length > 0) {
      this.#busyAt = this.#options.clock.now();
      this.#owner.onFrames(forOwner);
    }
    if (this.#transport !== transport) {
      return;
    }
    if (refused) {
      this.#stayAwayMs = refused.retry_ms ?? 0;
      this.#notice = refused.text;
      this.#lost();
    } else if (bye) {
      this.#stayAwayMs = bye.retry_ms;
      this.#signal("bye");
      this.#cancelTimer();
      this.#cancelTimer = this.#options.clock.after(CLOSING_TIMEOUT_MS, () => this.#lost());
    }
  }

  #welcomed(frame: WelcomeFrame): void {
    this.#attempt.welcomedAt ??= this.#options.clock.now();
    this.#everWelcomed = true;
    this.#websocketWorked ||= this.#kind === "websocket";
    this.#limits = frame;
    this.#notice = null;
    this.#scheduleHeartbeat();
    this.#scheduleIdle(frame.idle_ms);
    this.#owner.onConnectionChange();
  }

  /** The transport has ended, or is of no use any more. */
  #lost(): void {
    const { opened, welcomedAt } = this.#attempt;
    const goodbye = this.#phase === "closing" && welcomedAt !== null;
    const stable = welcomedAt !== null && this.#options.clock.now() - welcomedAt >= STABLE_MS;
    this.#endTransport();
    if (stable || goodbye) {
      this.#failures = 0;
      this.#retries = 0;
    } else {
      this.#failures += 1;
    }
    if (this.#shouldFallBack(opened)) {
      this.#kind = "sse";
      this.#failures = 0;
      this.#retries = 0;
      this.#stayAwayMs = null;
    }
    if (this.#owner.expecting()) {
      this.#scheduleRetry();
    } else {
      this.#notice = null;
      this.#signal("ended");
    }
  }

  /** A WebSocket that has worked on this page gets a second chance: a server that restarts refuses everyone. */
  #shouldFallBack(opened: boolean): boolean {
    const refused = !opened && !this.#everWelcomed;
    return this.#options.mode === "auto" && this.#kind === "websocket" && (refused || this.#failures >= FALLBACK_AFTER);
  }

  /** After a quiet time a WebSocket that has worked on this page is worth another attempt. */
  #returnToWebSocket(): void {
    if (this.#options.mode === "auto" && this.#websocketWorked) {
      this.#kind = "websocket";
      this.#failures = 0;
    }
  }

  #scheduleRetry(): void {
    const { clock, random } = this.#options;
    if (this.#stayAwayMs === null && this.#retries > 0) {
      this.#notice = RECONNECTING;
    }
    // Up to twice the time asked for, so that the chats of a server that restarts come back one by one.
    const delayMs =
      this.#stayAwayMs === null ? backoffMs(this.#retries, random()) : this.#stayAwayMs * (1 + random());
    this.#retries += 1;
    this.#signal("retry");
    this.#cancelTimer = clock.after(delayMs, () => {
      // What was owed may have been given up in the meantime.
      if (this.#owner.expecting()) {
        this.#connect("due");
      } else {
        this.close();
      }
    });
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#options.clock.after(this.#limits.heartbeat_ms, () => this.#beat());
  }

  /** Dead is only who has not answered a ping: a sleeping page's timers fire late, before what has arrived is read. */
  #beat(): void {
    const { clock } = this.#options;
    if (this.#transport?.listening) {
      if (this.#pinged && clock.now() - this.#heardAt >= 2 * this.#limits.heartbeat_ms) {
        this.#lost();
        return;
      }
      if (this.#phase === "open") {
        this.#transport.send([{ type: "ping" }]);
        this.#pinged = true;
      }
    }
    this.#scheduleHeartbeat();
  }

  #scheduleIdle(delayMs: number): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#options.clock.after(delayMs, () => {
      const now = this.#options.clock.now();
      if (this.#owner.expecting()) {
        this.#busyAt = now;
      }
      const restMs = this.#busyAt + this.#limits.idle_ms - now;
      if (restMs > 0) {
        this.#scheduleIdle(restMs);
      } else {
        this.close();
      }
    });
  }

  #endTransport(): void {
    this.#cancelTimer();
    this.#cancelHeartbeat();
    this.#cancelIdle();
    this.#pinged = false;
    this.#transport?.close();
    this.#transport = null;
  }

  #signal(signal: Signal): void {
    const phase = nextPhase(this.#phase, signal);
    if (phase !== null && phase !== this.#phase) {
      this.#phase = phase;
      this.#owner.onConnectionChange();
    }
  }
}

/** Refusals of the whole connection that pass by themselves. */
function isTemporary(frame: RefusedFrame): boolean {
  return frame.retry_ms !== undefined || frame.code === "busy" || frame.code === "rate";
}
