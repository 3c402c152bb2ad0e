import type { MarkdownIt, Token } from "markdown-it";
import { BlockBuilder } from "./blocks.js";
import { createParser, type ParseEnv } from "./parser.js";
import { withoutUndecidedLine } from "./provisional.js";
import { Reconciler, type PlacedBlock } from "./reconciler.js";
import type { FragmentSource } from "./sanitizer.js";

/** What all Markdown views of a chat share. */
export class MarkdownRenderer {
  readonly parser: MarkdownIt = createParser();
  readonly reconciler: Reconciler;

  constructor(sanitizer: FragmentSource) {
    this.reconciler = new Reconciler(sanitizer);
  }
}

/**
 * Shows a growing Markdown text in an element of its own.
 *
 * The cost is linear in the text: blocks that no later text can change are frozen, their source is not parsed and
 * their nodes are not touched again. Only the open tail is parsed at each update.
 */
export class MarkdownView {
  readonly #container: Element;
  readonly #renderer: MarkdownRenderer;
  #text = "";
  #ended = false;
  #frozenSource = "";
  #frozen: PlacedBlock[] = [];
  #tail: PlacedBlock[] = [];
  #hasReferences = false;

  constructor(container: Element, renderer: MarkdownRenderer) {
    this.#container = container;
    this.#renderer = renderer;
  }

  /** Shows `text`; `ended` tells that it is complete. */
  update(text: string, ended: boolean): void {
    if (text === this.#text && ended === this.#ended) {
      return;
    }
    this.#text = text;
    this.#ended = ended;
    if (!text.startsWith(this.#frozenSource)) {
      this.#thaw();
    }
    this.#renderTail();
    // A definition changes links in blocks above it, which are frozen by then.
    if (ended && this.#hasReferences && this.#frozenSource !== "") {
      this.#thaw();
      this.#renderTail();
    }
  }

  #renderTail(): void {
    const rest = this.#text.slice(this.#frozenSource.length);
    const source = this.#ended ? rest : withoutUndecidedLine(rest);
    const env: ParseEnv = { unfinished: !this.#ended };
    const { parser, reconciler } = this.#renderer;
    const tokens = parser.parse(source, env);
    this.#hasReferences ||= env.references !== undefined;
    const blocks = new BlockBuilder(parser, tokens, env).build();
    this.#tail = reconciler.reconcile(this.#container, this.#tail, blocks);
    if (!this.#ended) {
      this.#freeze(source, tokens);
    }
  }

  /** Takes everything up as open again, with the nodes it has. */
  #thaw(): void {
    this.#tail = [...this.#frozen, ...this.#tail];
    this.#frozen = [];
    this.#frozenSource = "";
    this.#hasReferences = false;
  }

  /**
   * Freezes the blocks above the last block that stands after a blank line and whose first line is complete: no
   * later text can join it to what is above. ("2" after a list "1. a" begins a paragraph; "2. b" goes on with the
   * list. Without the line's end one can't know.)
   */
  #freeze(source: string, tokens: readonly Token[]): void {
    const starts = lineStarts(source);
    let count = 0;
    let frozenCount = 0;
    let frozenLength = 0;
    for (const token of tokens) {
      if (token.level !== 0 || token.nesting === -1 || !token.map) {
        continue;
      }
      const line = token.map[0];
      const start = starts[line]!;
      const isComplete = starts[line + 1] !== undefined;
      if (count > 0 && isComplete && source.slice(starts[line - 1], start).trim() === "") {
        frozenCount = count;
        frozenLength = start;
      }
      count += 1;
    }
    this.#frozen.push(...this.#tail.splice(0, frozenCount));
    this.#frozenSource += source.slice(0, frozenLength);
  }
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { 0: end, index } of source.matchAll(/\r\n?|\n/g)) {
    starts.push(index + end.length);
  }
  return starts;
}
