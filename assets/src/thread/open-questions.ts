import type { OutputKind, SnapshotPart } from "../protocol/frames";

/** An answer of the reader that the server has not confirmed, by the question as it stood when it was given. */
interface Given {
  readonly asked: string;
  readonly value: unknown;
  /** On the present connection, for this part. */
  sentFor: number | null;
}

/** As kept over a reload: the question, the answer. */
export type SavedAnswers = readonly (readonly [asked: string, value: unknown])[];

/** The questions that one run asks its reader, and the answers on their way to it. */
export class OpenQuestions {
  #given: readonly Given[];

  constructor(saved: SavedAnswers = []) {
    this.#given = saved.map(([asked, value]) => ({ asked, value, sentFor: null }));
  }

  save(): SavedAnswers {
    return this.#given.map(({ asked, value }) => [asked, value]);
  }

  /** Whether a question has its answer already, on its way. */
  has(asked: string): boolean {
    return this.#given.some((given) => given.asked === asked);
  }

  get isEmpty(): boolean {
    return this.#given.length === 0;
  }

  /** @param asked the text of the part; the run may not have been read as far as there again after a reload. */
  give(asked: string, value: unknown): void {
    this.#given = [...this.#given.filter((given) => given.asked !== asked), { asked, value, sentFor: null }];
  }

  /** The answers that are to be sent; they count as sent. */
  take(parts: readonly SnapshotPart[]): { readonly part: number; readonly value: unknown }[] {
    return this.#given.flatMap((given) => {
      // The last one, since an earlier one that was the same has been answered.
      const part = parts.map(({ kind, text, ended }) => (isAsked(kind) && ended ? text : null)).lastIndexOf(given.asked);
      if (part === -1 || given.sentFor !== null) {
        return [];
      }
      given.sentFor = part;
      return [{ part, value: given.value }];
    });
  }

  reconnected(): void {
    this.#given.forEach((given) => (given.sentFor = null));
  }

  /** The server does not take them. */
  forget(): void {
    this.#given = [];
  }

  /** A question that has changed was answered, or is asked anew; one is asked at a time. */
  settle(parts: readonly SnapshotPart[]): void {
    const open = parts.filter((part) => openQuestion(part) !== null).at(-1)?.text;
    this.#given = this.#given.filter(({ asked, sentFor }) => {
      if (sentFor === null) {
        return open === undefined || open === asked;
      }
      const part = parts[sentFor];
      return !part?.ended || part.text === asked;
    });
  }
}

/** What the reader is asked, and what the page is asked to do. */
function isAsked(kind: OutputKind): boolean {
  return kind === "ask" || kind === "action";
}

/** Returns the question of a part that waits for its answer; null when it does not, or asks nothing. */
export function openQuestion(part: SnapshotPart): { readonly seconds: number } | null {
  if (part.kind !== "ask" || !part.ended) {
    return null;
  }
  const { state, seconds } = JSON.parse(part.text) as { readonly state: string; readonly seconds: number };
  return state === "open" ? { seconds } : null;
}
