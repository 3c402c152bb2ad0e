import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";
import type { ParseEnv } from "../markdown/parser.js";
import { findFormula } from "./formula-syntax.js";

/**
 * Formulas in $…$, $$…$$, \(…\) and \[…\], which become elements that hold their source.
 *
 * A block of a formula begins and ends a line and has no blank line inside, as in TeX. While it is being written it
 * is shown as its source.
 */
export function addMathRules(parser: MarkdownIt): void {
  parser.block.ruler.before("fence", "math_block", readBlock, { alt: ["paragraph", "reference", "blockquote", "list"] });
  parser.inline.ruler.before("escape", "math_inline", readInline);
  const { escapeHtml } = parser.utils;
  parser.renderer.rules["math_block"] = (tokens, index) => {
    const { content, markup } = tokens[index]!;
    const state = markup === "" ? " chat-math-open" : "";
    return `<div class="chat-math chat-math-display${state}">${escapeHtml(content)}</div>\n`;
  };
  parser.renderer.rules["math_inline"] = (tokens, index) => {
    const { content, block } = tokens[index]!;
    return `<span class="chat-math${block ? " chat-math-display" : ""}">${escapeHtml(content)}</span>`;
  };
}

function readInline(state: StateInline, silent: boolean): boolean {
  const formula = findFormula(state.src, state.pos);
  if (!formula || formula.end > state.posMax) {
    return false;
  }
  if (!silent) {
    const token = state.push("math_inline", "math", 0);
    token.content = formula.source;
    token.block = formula.isDisplay;
    token.markup = formula.open;
  }
  state.pos = formula.end;
  return true;
}

/** Of a formula: to look further for its end would make the cost of lines that only look like one unbounded. */
const MOST_LINES = 100;
/** Characters: to set more takes seconds. */
const LONGEST = 5_000;

const CLOSES: Readonly<Record<string, string>> = { $$: "$$", "\\[": "\\]" };

function readBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (state.sCount[startLine]! - state.blkIndent >= 4) {
    return false;
  }
  const first = lineOf(state, startLine);
  const open = first.slice(0, 2);
  const close = CLOSES[open];
  if (close === undefined) {
    return false;
  }
  const lines: string[] = [];
  let line = startLine;
  let rest = first.slice(2);
  let at = rest.indexOf(close);
  while (at === -1) {
    lines.push(rest);
    line += 1;
    if (line - startLine > MOST_LINES || line >= endLine || state.isEmpty(line) || state.sCount[line]! < state.blkIndent) {
      break;
    }
    rest = lineOf(state, line);
    at = rest.indexOf(close);
  }
  const isClosed = at !== -1;
  if (isClosed ? rest.slice(at + 2).trim() !== "" : !isAtTheEnd(state, line - 1)) {
    return false;
  }
  if (isClosed) {
    lines.push(rest.slice(0, at));
    line += 1;
  }
  const content = lines.join("\n").trim();
  if (isClosed && (content === "" || content.length > LONGEST)) {
    return false;
  }
  if (!silent) {
    const token = state.push("math_block", "math", 0);
    token.block = true;
    token.content = content;
    token.markup = isClosed ? open : "";
    token.map = [startLine, line];
    state.line = line;
  }
  return true;
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
}

/** Whether more text may go on with this line or the next. */
function isAtTheEnd(state: StateBlock, line: number): boolean {
  return (state.env as ParseEnv).unfinished && state.eMarks[line]! >= state.src.length - 1;
}
