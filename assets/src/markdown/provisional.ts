/**
 * Makes an unfinished source look like what it most likely becomes, so that a streamed answer does not flicker.
 * Never applied to finished text.
 */

const UNDECIDED_LINE = /^ {0,3}(?:-+|=+)[ \t]*$/;

/** Opening and closing marks, or an escape that is neither. */
const MARKS = /\\[^]|`+|\*\*|~~/g;

const UNFINISHED_LINK = /!?\[([^[\]]*)\]\([^()\s]*$/;

/**
 * Leaves out a last line that would turn the paragraph above it into a heading although it is more likely the
 * beginning of a list item or of a rule.
 */
export function withoutUndecidedLine(source: string): string {
  const lastLine = source.lastIndexOf("\n") + 1;
  if (lastLine === 0 || !UNDECIDED_LINE.test(source.slice(lastLine))) {
    return source;
  }
  return source.slice(0, lastLine);
}

/** Closes what the last paragraph of an unfinished text has opened: code, strong, strike-through, a link. */
export function closeInline(content: string): string {
  const open: string[] = [];
  for (const { 0: mark, index } of content.matchAll(MARKS)) {
    const innermost = open.at(-1);
    if (innermost?.startsWith("`")) {
      if (mark === innermost) {
        open.pop();
      }
    } else if (open.includes(mark)) {
      open.splice(open.indexOf(mark));
    } else if (!mark.startsWith("\\") && !/^\s/.test(content.slice(index + mark.length))) {
      open.push(mark);
    }
  }
  const innermost = open.at(-1);
  let text = content.trimEnd();
  if (!innermost?.startsWith("`")) {
    text = text.replace(UNFINISHED_LINK, "$1");
  }
  if (innermost === undefined) {
    return text;
  }
  if (text.endsWith(innermost)) {
    text = text.slice(0, -innermost.length);
    open.pop();
  } else if (innermost === "**" && text.endsWith("*")) {
    text = text.slice(0, -1);
  } else if (innermost === "~~" && text.endsWith("~")) {
    text = text.slice(0, -1);
  }
  return text.trimEnd() + open.reverse().join("");
}
