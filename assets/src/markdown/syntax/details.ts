import type { MarkdownIt, StateBlock, StateCore, Token } from "markdown-it";

const OPEN = /^<details(?:[ \t]+open)?[ \t]*>[ \t]*(?:<summary>(.*?)(?:<\/summary>[ \t]*|$))?$/i;
const SUMMARY = /^<summary>(.*?)(?:<\/summary>[ \t]*|$)$/i;
/** Sections in sections. Without an end to it, an answer of nothing else would be too deep for the browser. */
const DEEPEST = 20;
const CLOSE = /^<\/details[ \t]*>[ \t]*$/i;

/**
 * Collapsible sections as models write them, `<details>`, `<summary>…</summary>`, text, `</details>`: Markdown of ours
 * that looks like HTML. Each mark stands at the beginning of a line.
 */
export function details(parser: MarkdownIt): void {
  parser.block.ruler.before("hr", "details", mark, { alt: ["paragraph", "reference", "blockquote", "list"] });
  parser.core.ruler.after("block", "details", nest);
}

function mark(state: StateBlock, startLine: number, _endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  if (state.src[start] !== "<" || state.sCount[startLine]! - state.blkIndent >= 4) {
    return false;
  }
  const line = state.src.slice(start, state.eMarks[startLine]);
  const open = OPEN.exec(line);
  const summary = open ? open[1] : SUMMARY.exec(line)?.[1];
  if (!open && summary === undefined && !CLOSE.test(line)) {
    return false;
  }
  if (!silent) {
    if (open) {
      push(state, "details_open", "details", startLine);
    }
    if (summary !== undefined) {
      push(state, "summary_open", "summary", startLine);
      push(state, "inline", "", startLine).content = summary.trim();
      push(state, "summary_close", "summary", startLine).map = null;
    } else if (!open) {
      push(state, "details_close", "details", startLine);
    }
    state.line = startLine + 1;
  }
  return true;
}

/** Every mark stands for itself until all are known. */
function push(state: StateBlock, type: string, tag: string, line: number): Token {
  const token = state.push(type, tag, 0);
  token.map = [line, line + 1];
  token.children = type === "inline" ? [] : null;
  return token;
}

/** Gives marks their nesting: a section ends with its mark, else with what it stands in; a mark of no section is left out. */
function nest(state: StateCore): void {
  if (!state.tokens.some(({ tag }) => tag === "details" || tag === "summary")) {
    return;
  }
  const result: Token[] = [];
  const open: Token[] = [];
  let tooDeep = 0;
  const add = (token: Token): void => {
    if (token.nesting === -1) {
      open.pop();
    }
    token.level = open.length;
    result.push(token);
    if (token.nesting === 1) {
      open.push(token);
    }
  };
  const closeSections = (): void => {
    while (open.at(-1)?.type === "details_open") {
      tooDeep = 0;
      add(closeToken(state));
    }
  };
  for (let index = 0; index < state.tokens.length; index += 1) {
    const token = state.tokens[index]!;
    if (token.type === "details_open" && open.filter(({ type }) => type === "details_open").length === DEEPEST) {
      tooDeep += 1;
      continue;
    }
    if (token.type === "details_open" || token.type === "summary_open") {
      token.nesting = 1;
    } else if (token.type === "summary_close") {
      token.nesting = -1;
    } else if (token.type === "details_close") {
      if (tooDeep > 0) {
        tooDeep -= 1;
        continue;
      }
      if (open.at(-1)?.type !== "details_open") {
        continue;
      }
      token.nesting = -1;
    } else if (token.nesting === -1) {
      closeSections();
    }
    add(token);
  }
  closeSections();
  state.tokens = result;
}

function closeToken(state: StateCore): Token {
  const token = new state.Token("details_close", "details", -1);
  token.block = true;
  return token;
}
