import type { MarkdownIt, StateBlock } from "markdown-it";
import type { ParseEnv } from "../parser.js";

/** Shows the first line of a table as one before its second line, which makes it one, has come. */
export function halfTable(parser: MarkdownIt): void {
  const [table] = parser.block.ruler.getRules("").slice(0, 1);
  parser.block.ruler.after("table", "half_table", (state, startLine, endLine, silent) => {
    const header = lineText(state, startLine);
    const isLast = startLine + 1 === endLine && endLine === state.lineMax;
    if (!isLast || !(state.env as ParseEnv).unfinished || !/^\|.*\S/.test(header)) {
      return false;
    }
    if (silent) {
      return true;
    }
    const columns = header.replaceAll("\\|", "x").trim().replace(/^\||\|\s*$/g, "").split("|").length;
    addLine(state, `|${"-|".repeat(columns)}`);
    const isTable = table!(state, startLine, endLine + 1, false);
    removeLine(state);
    if (isTable) {
      state.line = endLine;
    }
    return isTable;
  }, { alt: ["paragraph", "reference"] });
}

function lineText(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
}

function addLine(state: StateBlock, text: string): void {
  const line = state.lineMax;
  state.src += `\n${text}`;
  for (const marks of [state.bMarks, state.eMarks, state.tShift, state.sCount, state.bsCount]) {
    marks.splice(line, 0, 0);
  }
  state.bMarks[line] = state.src.length - text.length;
  state.eMarks[line] = state.src.length;
  state.sCount[line] = state.blkIndent;
  state.lineMax += 1;
}

function removeLine(state: StateBlock): void {
  state.lineMax -= 1;
  state.src = state.src.slice(0, state.src.lastIndexOf("\n"));
  for (const marks of [state.bMarks, state.eMarks, state.tShift, state.sCount, state.bsCount]) {
    marks.splice(state.lineMax, 1);
  }
}
