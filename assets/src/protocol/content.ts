/** What a message says, by its parts. */

import type { PartState } from "../state";
import type { OutputKind, PartKind, SnapshotPart } from "./frames";

/** As the server signs it: what is nothing but one text is that text. */
export type Content = string | readonly { readonly kind: PartKind; readonly text: string }[];

/** As it is kept: with what is shown besides, and what was cut. */
export type KeptContent = string | readonly (Omit<PartState, "ended"> & { readonly ended?: false })[];

export function contentOf(parts: readonly PartState[]): Content {
  const said = parts.flatMap(({ kind, text }) => (isSaid(kind) ? [{ kind, text }] : []));
  return said.length === 0 ? "" : (onlyText(said) ?? said);
}

export function keptOf(parts: readonly PartState[]): KeptContent {
  return parts.length === 0 ? "" : (onlyText(parts) ?? parts.map(({ ended, ...kept }) => (ended ? kept : { ...kept, ended })));
}

function onlyText([first, ...others]: readonly { readonly kind: OutputKind; readonly text: string }[]): string | null {
  return first?.kind === "text" && others.length === 0 ? first.text : null;
}

export function partsOf(content: KeptContent): PartState[] {
  if (content === "") {
    return [];
  }
  const parts = typeof content === "string" ? [{ kind: "text" as const, text: content }] : content;
  return parts.map((part) => ({ ended: true, ...part }));
}

/** What of a run's output is shown in its place in the answer. */
export function shownOf(output: readonly SnapshotPart[]): PartState[] {
  return output.flatMap((part) => (isShown(part) ? [part] : []));
}

function isShown(part: SnapshotPart): part is PartState {
  return isSaid(part.kind) || part.kind === "problem";
}

function isSaid(kind: OutputKind): kind is PartKind {
  return kind !== "view" && kind !== "status" && kind !== "usage" && kind !== "problem";
}

/** What of a run's output says how the author shows the answer; null when nothing does. */
export function viewIn(output: readonly SnapshotPart[]): string | null {
  return output.find(({ kind, ended }) => kind === "view" && ended)?.text ?? null;
}

/** The JSON of the last part of a kind that is complete; null when there is none. */
export function lastOf(kind: OutputKind, output: readonly SnapshotPart[]): string | null {
  return output.filter((part) => part.kind === kind && part.ended).at(-1)?.text ?? null;
}

/** What can be read of it: the JSON of other parts is not. */
export function textOf(parts: readonly SnapshotPart[]): string {
  return parts
    .filter(({ kind }) => kind === "text")
    .map(({ text }) => text)
    .join("\n\n");
}

/** How far it has come, in UTF-16 units: what only grows. */
export function unitsOf(parts: readonly SnapshotPart[]): number {
  return parts.reduce((units, { kind, text }) => units + (isStreamed(kind) ? text.length : 0), 0);
}

/** Whether a part grows by deltas. The text of any other is JSON, of use only when it is complete. */
export function isStreamed(kind: OutputKind): boolean {
  return kind === "text" || kind === "reasoning";
}

/** Whether there is nothing in it to be seen. */
export function isBlank(parts: readonly PartState[]): boolean {
  return parts.every(({ text }) => isBlankText(text));
}

/** Looks as far as the first character that is seen: it is asked at each paint of a text that may be long. */
export function isBlankText(text: string): boolean {
  return !/\S/.test(text);
}
