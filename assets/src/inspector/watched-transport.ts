import type { ClientFrame } from "../protocol/frames";
import type { Transport } from "../transport/types";
import type { Sighting } from "./frame-tap";

type See = (direction: Sighting["direction"], ...all: readonly Sighting["what"][]) => void;

/** A transport that does what another does, and tells of it. */
export class WatchedTransport implements Transport {
  readonly #transport: Transport;
  readonly #see: See;

  constructor(transport: Transport, see: See) {
    this.#transport = transport;
    this.#see = see;
  }

  open(): void {
    this.#see("none", { type: "opening" });
    this.#transport.open();
  }

  send(frames: readonly ClientFrame[]): void {
    this.#see("out", ...frames);
    this.#transport.send(frames);
  }

  resume(): void {
    this.#transport.resume();
  }

  probe(): void {
    if (this.answersPings) {
      this.#see("out", { type: "ping" });
    }
    this.#transport.probe();
  }

  close(): void {
    this.#see("none", { type: "closed" });
    this.#transport.close();
  }

  get listening(): boolean {
    return this.#transport.listening;
  }

  get tried(): boolean {
    return this.#transport.tried;
  }

  get answersPings(): boolean {
    return this.#transport.answersPings;
  }

  get unsentBytes(): number {
    return this.#transport.unsentBytes;
  }
}
