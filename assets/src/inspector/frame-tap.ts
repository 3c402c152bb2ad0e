import type { Cancel, Clock } from "../clock";
import type { ClientFrame, ServerFrame } from "../protocol/frames";
import type { Session, Transport, TransportEvents, TransportFactory, TransportKind } from "../transport/types";
import { WatchedTransport } from "./watched-transport";

/** What a transport does, beside carrying frames: `ended` is the other side's doing or the network's. */
export interface TransportStep {
  readonly type: "opening" | "opened" | "ended" | "closed";
}

/** Something that a transport has carried or done. */
export interface Sighting {
  /** Counts from 1. */
  readonly number: number;
  /** Milliseconds from any fixed point; and since 1970. */
  readonly nowMs: number;
  readonly dateMs: number;
  readonly transport: TransportKind;
  readonly direction: "in" | "out" | "none";
  readonly what: ClientFrame | ServerFrame | TransportStep;
}

/** How many are kept. */
const KEPT = 200;

/** Sees what the transports of a chat carry, and keeps the last of it. */
export class FrameTap {
  readonly #clock: Clock;
  readonly #listeners = new Set<(sighting: Sighting) => void>();
  #kept: Sighting[] = [];
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns a factory whose transports are seen. */
  watch(make: TransportFactory): TransportFactory {
    return (kind, session, events) => {
      const see = (direction: Sighting["direction"], ...all: readonly Sighting["what"][]): void =>
        all.forEach((what) => this.#see(kind, direction, what));
      const watched: Session = {
        hello: () => {
          const frame = session.hello();
          see("out", frame);
          return frame;
        },
        expecting: () => session.expecting(),
      };
      const heard: TransportEvents = {
        opened: () => {
          see("none", { type: "opened" });
          events.opened();
        },
        received: (frames) => {
          see("in", ...frames);
          events.received(frames);
        },
        delivered: (frames) => events.delivered(frames),
        heard: () => events.heard(),
        closed: () => {
          see("none", { type: "ended" });
          events.closed();
        },
      };
      const transport: Transport = make(kind, watched, heard);
      return new WatchedTransport(transport, see);
    };
  }

  get sightings(): readonly Sighting[] {
    return this.#kept;
  }

  /** Calls for everything that is seen from now on, until it is cancelled. */
  listen(listener: (sighting: Sighting) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#kept = [];
  }

  #see(transport: TransportKind, direction: Sighting["direction"], what: Sighting["what"]): void {
    this.#count += 1;
    const times = { nowMs: this.#clock.now(), dateMs: this.#clock.date() };
    const sighting: Sighting = { number: this.#count, ...times, transport, direction, what };
    this.#kept = [...this.#kept.slice(1 - KEPT), sighting];
    this.#listeners.forEach((listener) => listener(sighting));
  }
}
