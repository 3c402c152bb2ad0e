import type { TransportKind } from "../../transport/types.js";
import type { Sighting } from "../frame-tap.js";

/** What has been seen of a run. */
export interface RunStatistics {
  readonly run: string;
  status: string;
  lastId: string | null;
  frames: number;
  /** Text that came, in UTF-16 code units; again, when it came again. */
  characters: number;
}

/** How many runs are kept. */
const KEPT = 20;
const TERMINAL: Readonly<Record<string, string>> = {
  finish: "done",
  stopped: "stopped",
  error: "error",
  interrupted: "interrupted",
};

/** What all that was seen adds up to. */
export class Statistics {
  readonly #runs = new Map<string, RunStatistics>();
  #transport: TransportKind | null = null;
  #pingedMs: number | null = null;
  #roundTripMs: number | null = null;

  /** The latest first. */
  get runs(): readonly RunStatistics[] {
    return [...this.#runs.values()].reverse();
  }

  /** What carries frames, or has last done so. */
  get transport(): TransportKind | null {
    return this.#transport;
  }

  /** From the last ping that was answered to its answer. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  see({ direction, what, nowMs, transport }: Sighting): void {
    this.#transport = transport;
    if (what.type === "ping" && direction === "out") {
      this.#pingedMs ??= nowMs;
    } else if (what.type === "pong" && direction === "in") {
      this.#roundTripMs = this.#pingedMs === null ? this.#roundTripMs : nowMs - this.#pingedMs;
      this.#pingedMs = null;
    } else if (what.type === "opening") {
      this.#pingedMs = null;
    }
    if (what.type === "send") {
      this.#run(what.run);
    } else if ("run" in what && what.run !== undefined && "id" in what && direction === "in") {
      const run = this.#run(what.run);
      run.frames += 1;
      run.lastId = what.id;
      run.status = TERMINAL[what.type] ?? "streaming";
      if (what.type === "text-delta" || what.type === "text-splice") {
        run.characters += what.d.length;
      } else if (what.type === "snapshot") {
        run.characters += what.parts.reduce((sum, { text }) => sum + text.length, 0);
      }
    }
  }

  clear(): void {
    this.#runs.clear();
  }

  #run(run: string): RunStatistics {
    let known = this.#runs.get(run);
    if (known === undefined) {
      known = { run, status: "submitted", lastId: null, frames: 0, characters: 0 };
      this.#runs.set(run, known);
      const [first] = this.#runs.keys();
      if (this.#runs.size > KEPT && first !== undefined) {
        this.#runs.delete(first);
      }
    }
    return known;
  }
}
