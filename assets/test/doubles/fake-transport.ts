import type { ClientFrame, HelloFrame, ServerFrame } from "../../src/protocol/frames";
import type { Session, Transport, TransportEvents, TransportKind } from "../../src/transport/types";

/** One attempt, with the test as its server. */
export class FakeTransport implements Transport {
  readonly kind: TransportKind;
  readonly sent: ClientFrame[] = [];
  readonly hellos: HelloFrame[] = [];
  listening = false;
  closed = false;
  readonly #session: Session;
  readonly #events: TransportEvents;

  constructor(kind: TransportKind, session: Session, events: TransportEvents) {
    this.kind = kind;
    this.#session = session;
    this.#events = events;
  }

  open(): void {}

  send(frames: readonly ClientFrame[]): void {
    this.sent.push(...frames);
  }

  resume(): void {
    this.hellos.push(this.#session.hello());
  }

  close(): void {
    this.closed = true;
    this.listening = false;
  }

  // What the server and the network do

  accept(): void {
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
    this.#events.received(frames);
  }

  lose(): void {
    this.closed = true;
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
