import type { OutputKind, SnapshotPart } from "../protocol/frames";

/** An answer of the reader that the server has not confirmed, by the question as it stood when it was given. */
interface Given {
  readonly asked: string;
  readonly value: unknown;
  /** The part that asks; null while the run has not been read as far as there, again after a reload. */
  part: number | null;
  /** On the present connection. */
  isSent: boolean;
}

/** As kept over a reload: the question, the answer, the part. */
export type SavedAnswers = readonly (readonly [asked: string, value: unknown, part: number | null])[];

/** The questions that one run asks its reader, and the answers on their way to it. */
export class OpenQuestions {
  #given: readonly Given[];

  constructor(saved: SavedAnswers = []) {
    this.#given = saved.map(([asked, value, part]) => ({ asked, value, part, isSent: false }));
  }

  save(): SavedAnswers {
    return this.#given.map(({ asked, value, part }) => [asked, value, part]);
  }

  get isEmpty(): boolean {
    return this.#given.length === 0;
  }

  /** @param asked the text of the part. @param parts as far as the run has been read. */
  give(asked: string, value: unknown, parts: readonly SnapshotPart[]): void {
    const given = { asked, value, part: lastAsking(asked, parts), isSent: false };
    this.#given = [...this.#given.filter((other) => other.asked !== asked), given];
  }

  /** The answers that are to be sent; they count as sent. */
  take(parts: readonly SnapshotPart[]): { readonly part: number; readonly value: unknown }[] {
    return this.#given.flatMap((given) => {
      given.part ??= lastAsking(given.asked, parts);
      const { part, value } = given;
      if (part === null || given.isSent || !isAsking(parts[part], given.asked)) {
        return [];
      }
      given.isSent = true;
      return [{ part, value }];
    });
  }

  reconnected(): void {
    this.#given.forEach((given) => (given.isSent = false));
  }

  /** The server does not take them. */
  forget(): void {
    this.#given = [];
  }

  /** A question that has changed was answered, or is asked anew; one is asked at a time. */
  settle(parts: readonly SnapshotPart[]): void {
    const open = parts.filter((part) => openQuestion(part) !== null).at(-1)?.text;
    this.#given = this.#given.filter(({ asked, part: place }) => {
      if (place === null) {
        return open === undefined || open === asked;
      }
      const part = parts[place];
      return !part?.ended || part.text === asked;
    });
  }
}

/** Returns the place of what asks this: the last one, since an earlier one that was the same has been answered. */
function lastAsking(asked: string, parts: readonly SnapshotPart[]): number | null {
  const place = parts.map((part) => isAsking(part, asked)).lastIndexOf(true);
  return place === -1 ? null : place;
}

function isAsking(part: SnapshotPart | undefined, asked: string): boolean {
  return part !== undefined && isAsked(part.kind) && part.ended && part.text === asked;
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
