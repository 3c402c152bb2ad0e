import { MarkdownView, type MarkdownRenderer } from "./markdown-view.js";

/** UTF-16 units, to the next end of a line: what takes a slow phone some ten milliseconds. */
const PIECE_UNITS = 500;
/** Without an end of a line within this, a piece ends anywhere. */
const LONGEST_LINE_UNITS = 4_000;

/** Shows a text in pieces, however much of it comes at once, so that nobody who shows it is stuck for long. */
export class GradualMarkdown {
  readonly #view: MarkdownView;
  #text = "";
  #ended = false;
  #shown = 0;

  constructor(container: Element, renderer: MarkdownRenderer) {
    this.#view = new MarkdownView(container, renderer);
  }

  /** Takes a text that is to be shown and shows a piece of what is new; `ended` tells that it is complete. */
  update(text: string, ended: boolean): void {
    this.#text = text;
    this.#ended = ended;
    this.#shown = Math.min(this.#shown, text.length);
    this.advance();
  }

  /** Whether there is more to show. */
  get isBehind(): boolean {
    return this.#shown < this.#text.length;
  }

  /** Shows the next piece. */
  advance(): void {
    this.#shown = endOfPiece(this.#text, this.#shown);
    this.#view.update(this.#text.slice(0, this.#shown), this.#ended && !this.isBehind);
  }
}

function endOfPiece(text: string, start: number): number {
  const end = start + PIECE_UNITS;
  if (end >= text.length) {
    return text.length;
  }
  const lineEnd = text.indexOf("\n", end) + 1;
  if (lineEnd > 0 && lineEnd - start <= LONGEST_LINE_UNITS) {
    return lineEnd;
  }
  const limit = Math.min(start + LONGEST_LINE_UNITS, text.length);
  // Between the halves of a character is no place to end.
  return text.codePointAt(limit - 1)! > 0xffff ? limit + 1 : limit;
}
