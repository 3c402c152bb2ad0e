import { plainText } from "../markdown/plain-text.js";
import { cellMarkdown } from "./cell-markdown.js";

type Alignment = "left" | "center" | "right";

/** As RFC 4180 has it, without any marks. */
export function toCsv(table: HTMLTableElement): string {
  return rowsOf(table, cellText).map((row) => `${row.map(quote).join(",")}\r\n`).join("");
}

const RULES: Readonly<Record<Alignment, string>> = { left: ":--", center: ":-:", right: "--:" };

/** As GFM has it; the first row is the header. */
export function toMarkdown(table: HTMLTableElement): string {
  const [head, ...body] = rowsOf(table, cellMarkdown);
  const rule = [...table.rows[0]!.cells].map(({ dataset }) => RULES[dataset["align"] as Alignment] ?? "---");
  return [head!, rule, ...body].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

function rowsOf(table: HTMLTableElement, read: (cell: Element) => string): string[][] {
  return [...table.rows].map((row) => [...row.cells].map(read));
}

/** What a cell reads. The number of a footnote would look like a part of the figure that it stands behind. */
function cellText(cell: Element): string {
  const copy = cell.cloneNode(true) as Element;
  copy.querySelectorAll(".chat-footnote-reference").forEach((reference) => reference.remove());
  copy.querySelectorAll("img").forEach((image) => image.replaceWith(image.alt));
  return plainText(copy).trim();
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
