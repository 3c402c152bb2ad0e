import type { Cancel, Clock } from "./clock";
import type { Transport } from "./transport/types";

/** How long whoever is asked may take to answer. */
const PROBE_MS = 3_000;
/** A timer that is later than this belongs to a page that has slept. */
const LATE_MS = 1_000;
/** When so much has left in the meantime, an upload is under way. Less leaves for the system's buffers at once: a ping does. */
const UPLOAD_BYTES = 1_024;

/**
 * Tells whether the other side of a transport is still there: by asking now and then, and whenever there is a doubt.
 *
 * A sleeping page's timers fire late, and before what has arrived is read. So a late timer alone never declares a
 * connection dead: it asks once more. Nor does silence while what was sent is still leaving, as long as it gets less.
 */
export class Liveness {
  readonly #clock: Clock;
  readonly #dead: () => void;
  #transport: Transport | null = null;
  #heartbeatMs = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #deadlineAt: number | null = null;
  /** What had not left the browser when the deadline was set. */
  #unsentBytes = 0;
  #askedAfterSleep = false;
  #cancelDeadline: Cancel = () => {};
  #cancelBeat: Cancel = () => {};

  /** @param dead called once when nothing was heard in time; watching has ended then. */
  constructor(clock: Clock, dead: () => void) {
    this.#clock = clock;
    this.#dead = dead;
  }

  watch(transport: Transport, heartbeatMs: number): void {
    this.stop();
    this.#transport = transport;
    this.#heartbeatMs = heartbeatMs;
    this.#heardAt = this.#pingedAt = this.#clock.now();
    this.#scheduleBeat();
  }

  stop(): void {
    this.#transport = null;
    this.#cancelBeat();
    this.#clearDeadline();
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#clearDeadline();
    // Messages come to a hidden page too, whose timers hardly run.
    if (this.#transport && this.#heardAt - this.#pingedAt >= this.#heartbeatMs) {
      this.#beat();
    }
  }

  /** Asks now: there is reason to doubt. */
  probe(): void {
    if (this.#transport?.listening) {
      this.#transport.probe();
      this.expect(PROBE_MS);
    }
  }

  /** Something will be heard within this time, from whoever lives. */
  expect(withinMs: number): void {
    if (!this.#transport) {
      return;
    }
    this.#unsentBytes = Math.max(this.#unsentBytes, this.#transport.unsentBytes);
    const at = this.#clock.now() + withinMs;
    if (this.#deadlineAt === null || at < this.#deadlineAt) {
      this.#cancelDeadline();
      this.#deadlineAt = at;
      this.#cancelDeadline = this.#clock.after(withinMs, () => this.#missed(at, withinMs));
    }
  }

  #missed(deadlineAt: number, withinMs: number): void {
    const unsentBefore = this.#unsentBytes;
    this.#deadlineAt = null;
    this.#unsentBytes = 0;
    if (!this.#transport?.listening) {
      return;
    }
    if (unsentBefore - this.#transport.unsentBytes >= UPLOAD_BYTES) {
      this.expect(withinMs);
    } else if (this.#clock.now() - deadlineAt > LATE_MS && !this.#askedAfterSleep) {
      this.#askedAfterSleep = true;
      this.probe();
    } else {
      this.stop();
      this.#dead();
    }
  }

  #beat(): void {
    const now = this.#clock.now();
    if (this.#transport?.listening) {
      this.#transport.send([{ type: "ping" }]);
      this.#pingedAt = now;
      // Two heartbeats without a word; the second one always has its full time to be answered.
      this.expect(Math.max(this.#heardAt + 2 * this.#heartbeatMs - now, this.#heartbeatMs));
    }
    this.#scheduleBeat();
  }

  #scheduleBeat(): void {
    this.#cancelBeat();
    this.#cancelBeat = this.#clock.after(this.#heartbeatMs, () => this.#beat());
  }

  #clearDeadline(): void {
    if (this.#deadlineAt !== null) {
      this.#cancelDeadline();
      this.#deadlineAt = null;
    }
    this.#unsentBytes = 0;
    this.#askedAfterSleep = false;
  }
}
