import type { ClientFrame, HelloFrame, ServerFrame } from "../../src/protocol/frames";
import { Receipts } from "../../src/transport/receipts";
import type { Session, Transport, TransportEvents, TransportKind } from "../../src/transport/types";

/** One attempt, with the test as its server. */
export class FakeTransport implements Transport {
  readonly kind: TransportKind;
  readonly sent: ClientFrame[] = [];
  readonly hellos: HelloFrame[] = [];
  readonly answersPings: boolean;
  tried = true;
  unsentBytes = 0;
  probes = 0;
  listening = false;
  closed = false;
  #isOpen = false;
  readonly #receipts = new Receipts();
  readonly #session: Session;
  readonly #events: TransportEvents;

  constructor(kind: TransportKind, session: Session, events: TransportEvents) {
    this.kind = kind;
    this.answersPings = kind === "websocket";
    this.#session = session;
    this.#events = events;
  }

  open(): void {}

  send(frames: readonly ClientFrame[]): void {
    this.#check();
    this.sent.push(...frames);
    frames.forEach((frame) => this.#receipts.sent(frame));
  }

  resume(): void {
    this.#check();
    this.hellos.push(this.#session.hello());
  }

  probe(): void {
    this.#check();
    this.probes += 1;
    this.#receipts.sent({ type: "ping" });
  }

  close(): void {
    this.closed = true;
    this.#isOpen = false;
    this.listening = false;
  }

  #check(): void {
    if (!this.#isOpen) {
      throw new Error("a transport is used before it has opened, or after it has ended");
    }
  }

  // What the server and the network do

  accept(): void {
    this.#isOpen = true;
    this.listening = true;
    this.#events.heard();
    this.resume();
    this.#events.opened();
  }

  welcome(limits: { heartbeat_ms?: number; idle_ms?: number; max_prompt_chars?: number } = {}): void {
    this.accept();
    this.receive({
      type: "welcome",
      v: 1,
      heartbeat_ms: 15_000,
      idle_ms: 30_000,
      max_prompt_chars: 32_000,
      ...limits,
    });
  }

  receive(...frames: ServerFrame[]): void {
    this.#events.heard();
    this.#events.delivered(frames.flatMap(({ type }) => (type === "pong" ? this.#receipts.pong() : [])));
    this.#events.received(frames);
  }

  lose(): void {
    this.closed = true;
    this.#isOpen = false;
    this.listening = false;
    this.#events.closed();
  }
}

/** Hands out fake transports and remembers them. */
export class FakeNetwork {
  readonly attempts: FakeTransport[] = [];

  readonly transport = (kind: TransportKind, session: Session, events: TransportEvents): FakeTransport => {
    const transport = new FakeTransport(kind, session, events);
    this.attempts.push(transport);
    return transport;
  };

  /** The latest attempt. */
  get last(): FakeTransport {
    const transport = this.attempts.at(-1);
    if (!transport) {
      throw new Error("no attempt has been made");
    }
    return transport;
  }
}
