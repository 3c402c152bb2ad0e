import type { PartState } from "../state";

/** Where something in an answer comes from, as the server writes it. */
export interface Source {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly snippet: string | null;
}

/** Returns the sources among the parts of an answer. */
export function sourcesIn(parts: readonly PartState[]): Source[] {
  return parts
    .filter(({ kind, ended }) => kind === "source" && ended)
    .map(({ text }) => JSON.parse(text) as Source)
    .filter(({ url }) => isWeb(url));
}

/** What Python takes for an address may be none for a browser. */
function isWeb(url: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
