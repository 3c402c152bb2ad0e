export interface Formula {
  readonly open: string;
  readonly source: string;
  readonly isDisplay: boolean;
  /** Where the text goes on. */
  readonly end: number;
}

/** What closes a formula. The order is that in which an opening mark is looked for. */
const CLOSES: readonly (readonly [open: string, close: string, isDisplay: boolean])[] = [
  ["$$", "$$", true],
  ["$", "$", false],
  ["\\(", "\\)", false],
  ["\\[", "\\]", true],
];
/** Characters. A formula is short; looking further for its end would make the cost of a "$" that is none unbounded. */
const LONGEST = 2_000;
/** Brackets with nothing to read in them are escaped brackets. */
const READABLE = /[\p{L}\p{N}]/u;
/** Some text inside a formula. */
const TEXT = /\\\w+\{[^}]*\}?/g;
/** Elsewhere two words one after the other are none. */
const PROSE = /(?<![\\\p{L}])\p{L}{2,}[,;:]?\s+\p{L}{2,}/u;

/** The formula that begins at `start`, if one does and is complete. */
export function findFormula(text: string, start: number): Formula | null {
  const mark = CLOSES.find(([open]) => text.startsWith(open, start));
  if (!mark) {
    return null;
  }
  const [open, close, isDisplay] = mark;
  const from = start + open.length;
  if (open === "$" && (!/\S/.test(text.charAt(from)) || /[\p{L}\p{N}]/u.test(text.charAt(start - 1)))) {
    return null;
  }
  const near = text.slice(0, from + LONGEST + close.length);
  for (let at = near.indexOf(close, from); at !== -1; at = near.indexOf(close, at + 1)) {
    if (isEscaped(text, at)) {
      continue;
    }
    if (open === "$" && !closesDollar(text, at)) {
      return null;
    }
    const source = text.slice(from, at).trim();
    return READABLE.test(source) ? { open, source, isDisplay, end: at + close.length } : null;
  }
  return null;
}

/**
 * Leaves out a formula at the end that is not complete, and a mark that may become its beginning. "$5" is more likely
 * a price, and a "$" with prose behind it no formula either.
 */
export function withoutOpenFormula(content: string): string {
  let at = 0;
  for (;;) {
    const next = content.slice(at).search(/[`$\\]/);
    if (next === -1) {
      return content;
    }
    at += next;
    const formula = findFormula(content, at);
    if (content[at] === "`") {
      at = endOfCode(content, at);
    } else if (formula) {
      at = formula.end;
    } else if (isOpen(content.slice(at))) {
      return content.slice(0, at);
    } else {
      at += content[at] === "\\" ? 2 : 1;
    }
  }
}

function isOpen(rest: string): boolean {
  if (/^\\[([]/.test(rest)) {
    return true;
  }
  return /^(?:\\$|\$(?:$|\$|[^\s\d$]))/.test(rest) && !PROSE.test(rest.replace(TEXT, ""));
}

/** As Pandoc has it, so that "$5 and $6" is none. */
function closesDollar(text: string, at: number): boolean {
  return /\S/.test(text.charAt(at - 1)) && !/\d/.test(text.charAt(at + 1));
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === "\\") {
    before -= 1;
  }
  return (at - before) % 2 === 1;
}

function endOfCode(content: string, start: number): number {
  const [mark] = /^`+/.exec(content.slice(start))!;
  const after = start + mark.length;
  for (const run of content.slice(after).matchAll(/`+/g)) {
    if (run[0] === mark) {
      return after + run.index + mark.length;
    }
  }
  return content.length;
}
