import type { MarkdownIt } from "markdown-it";

const BREAK = /<br[ \t]*\/?>/iy;

/** `<br>`, the only way to break a line inside a table cell. */
export function lineBreak(parser: MarkdownIt): void {
  parser.inline.ruler.before("autolink", "line_break", (state, silent) => {
    BREAK.lastIndex = state.pos;
    const found = BREAK.exec(state.src);
    if (!found) {
      return false;
    }
    if (!silent) {
      state.push("hardbreak", "br", 0);
    }
    state.pos += found[0].length;
    return true;
  });
}
