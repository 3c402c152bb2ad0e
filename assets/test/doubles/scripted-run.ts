import type { ErrorFrame, MessageRef, OutputKind, RunFrame, ServerFrame } from "../../src/protocol/frames";

/** Writes the frames of one run as the server does: ids without gaps, one part. */
export class ScriptedRun {
  readonly run: string;
  #seq = 0;

  constructor(run: string) {
    this.run = run;
  }

  get #at(): { run: string; id: string } {
    this.#seq += 1;
    return { run: this.run, id: `1795372800000-${this.#seq}` };
  }

  accepted(id: string, parent: string | null, model?: string): ServerFrame {
    const message = { id, parent, role: "user" } as const;
    return { type: "accepted", run: this.run, message, ...(model === undefined ? {} : { model }) };
  }

  start(): RunFrame {
    return { type: "part-start", ...this.#at, part: 0, kind: "text" };
  }

  delta(d: string): RunFrame {
    return { type: "text-delta", ...this.#at, part: 0, d };
  }

  end(): RunFrame {
    return { type: "part-end", ...this.#at, part: 0 };
  }

  /** A part that comes all at once. */
  whole(part: number, kind: OutputKind, text: string): RunFrame[] {
    return [
      { type: "part-start", ...this.#at, part, kind },
      { type: "text-delta", ...this.#at, part, d: text },
      { type: "part-end", ...this.#at, part },
    ];
  }

  finish(id: string, parent: string): RunFrame {
    return { type: "finish", ...this.#at, message: { id, parent, role: "assistant" } };
  }

  stopped(message: Omit<MessageRef, "role"> | null): RunFrame {
    return { type: "stopped", ...this.#at, message: message && { ...message, role: "assistant" } };
  }

  failed(fields: Partial<ErrorFrame> = {}): RunFrame {
    return { type: "error", ...this.#at, code: "failed", text: "It failed.", ref: "r1", message: null, ...fields };
  }
}
