/** What a message says, by its parts. */

import type { PartState } from "../state";
import type { PartKind, SnapshotPart } from "./frames";

/** As the server signs it: what is nothing but one text is that text. */
export type Content = string | readonly { readonly kind: PartKind; readonly text: string }[];

export function contentOf(parts: readonly PartState[]): Content {
  const isText = parts.length <= 1 && parts.every(({ kind }) => kind === "text");
  return isText ? textOf(parts) : parts.map(({ kind, text }) => ({ kind, text }));
}

export function partsOf(content: Content): PartState[] {
  if (content === "") {
    return [];
  }
  const parts = typeof content === "string" ? [{ kind: "text" as const, text: content }] : content;
  return parts.map(({ kind, text }) => ({ kind, text, ended: true }));
}

/** What of a run's output the answer says. */
export function saidBy(output: readonly SnapshotPart[]): PartState[] {
  return output.flatMap((part) => (isSaid(part) ? [part] : []));
}

function isSaid(part: SnapshotPart): part is PartState {
  return part.kind !== "view";
}

/** What of a run's output says how the author shows the answer; null when nothing does. */
export function viewIn(output: readonly SnapshotPart[]): string | null {
  return output.find(({ kind, ended }) => kind === "view" && ended)?.text ?? null;
}

/** What can be read of it: the JSON of components is not. */
export function textOf(parts: readonly SnapshotPart[]): string {
  return parts.map(({ kind, text }) => (kind === "text" ? text : "")).join("");
}

/** How far it has come, in UTF-16 units. */
export function unitsOf(parts: readonly SnapshotPart[]): number {
  return parts.reduce((units, { text }) => units + text.length, 0);
}

/** Whether there is nothing in it to be seen. */
export function isBlank(parts: readonly PartState[]): boolean {
  return parts.every(({ text }) => isBlankText(text));
}

/** Looks as far as the first character that is seen: it is asked at each paint of a text that may be long. */
export function isBlankText(text: string): boolean {
  return !/\S/.test(text);
}
