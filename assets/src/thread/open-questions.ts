import type { SnapshotPart } from "../protocol/frames";

/** An answer of the reader that the server has not confirmed, and the question as it was then. */
interface Given {
  readonly value: unknown;
  readonly asked: string;
  /** On the present connection. */
  sent: boolean;
}

/** As kept over a reload: the part, the answer, the question. */
export type SavedAnswers = readonly (readonly [part: number, value: unknown, asked: string])[];

/** The questions that one run asks its reader, and the answers on their way to it. */
export class OpenQuestions {
  readonly #given: Map<number, Given>;

  constructor(saved: SavedAnswers = []) {
    this.#given = new Map(saved.map(([part, value, asked]) => [part, { value, asked, sent: false }]));
  }

  save(): SavedAnswers {
    return [...this.#given].map(([part, { value, asked }]) => [part, value, asked]);
  }

  get isEmpty(): boolean {
    return this.#given.size === 0;
  }

  give(part: number, value: unknown, asked: string): void {
    this.#given.set(part, { value, asked, sent: false });
  }

  /** The answers that are to be sent; they count as sent. */
  take(): { readonly part: number; readonly value: unknown }[] {
    const due = [...this.#given].filter(([, { sent }]) => !sent);
    return due.map(([part, given]) => {
      given.sent = true;
      return { part, value: given.value };
    });
  }

  reconnected(): void {
    this.#given.forEach((given) => (given.sent = false));
  }

  /** The server does not take them. */
  forget(): void {
    this.#given.clear();
  }

  /** A question that has changed was answered, or is asked anew. */
  settle(parts: readonly SnapshotPart[]): void {
    for (const [index, { asked }] of this.#given) {
      const part = parts[index];
      if (part?.ended && part.text !== asked) {
        this.#given.delete(index);
      }
    }
  }
}

/** Returns the question of a part that waits for its answer; null when it does not, or asks nothing. */
export function openQuestion(part: SnapshotPart): { readonly seconds: number } | null {
  if (part.kind !== "ask" || !part.ended) {
    return null;
  }
  const { state, seconds } = JSON.parse(part.text) as { readonly state: string; readonly seconds: number };
  return state === "open" ? { seconds } : null;
}
