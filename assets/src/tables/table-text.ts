import { plainText } from "../markdown/plain-text.js";

/** The cells of a table, row by row, as they read. */
export type Rows = readonly (readonly string[])[];

export function rowsOf(table: HTMLTableElement): Rows {
  return [...table.rows].map((row) => [...row.cells].map((cell) => plainText(cell).trim()));
}

/** As RFC 4180 has it. */
export function toCsv(rows: Rows): string {
  return rows.map((row) => `${row.map(quote).join(",")}\r\n`).join("");
}

export type Alignment = "left" | "center" | "right" | null;

const RULES: Readonly<Record<Exclude<Alignment, null>, string>> = { left: ":--", center: ":-:", right: "--:" };

/** As GFM has it; the first row is the header. */
export function toMarkdown(rows: Rows, alignments: readonly Alignment[]): string {
  const lines = rows.map((row) => line(row.map(escapeCell)));
  const rule = line(alignments.map((alignment) => (alignment ? RULES[alignment] : "---")));
  return [lines[0], rule, ...lines.slice(1)].map((text) => `${text}\n`).join("");
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function escapeCell(cell: string): string {
  return cell.replace(/[\\|]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}
