import type { Delimiter, MarkdownIt, StateInline } from "markdown-it";

const TILDE = 0x7e;
/** Runs of one and of two tildes only match their like, so they are kinds of their own to the matcher. */
const KINDS: ReadonlySet<number> = new Set([TILDE, 2 * TILDE]);

/** GFM strike-through: `~one~` or `~~two~~` tildes, never three. The parser's own knows only two. */
export function strikethrough(parser: MarkdownIt): void {
  parser.inline.ruler.at("strikethrough", tokenize);
  parser.inline.ruler2.at("strikethrough", (state) => {
    strike(state, state.delimiters);
    for (const meta of state.tokens_meta) {
      strike(state, meta?.delimiters ?? []);
    }
    return false;
  });
}

function tokenize(state: StateInline, silent: boolean): boolean {
  if (silent || state.src.charCodeAt(state.pos) !== TILDE) {
    return false;
  }
  const { can_open, can_close, length } = state.scanDelims(state.pos, true);
  state.push("text", "", 0).content = "~".repeat(length);
  if (length <= 2) {
    state.delimiters.push({
      marker: length * TILDE,
      length: 0,
      token: state.tokens.length - 1,
      end: -1,
      open: can_open,
      close: can_close,
    });
  }
  state.pos += length;
  return true;
}

function strike(state: StateInline, delimiters: readonly Delimiter[]): void {
  for (const { marker, token, end } of delimiters) {
    if (KINDS.has(marker) && end !== -1) {
      turn(state, token, 1);
      turn(state, delimiters[end]!.token, -1);
    }
  }
}

function turn(state: StateInline, index: number, nesting: 1 | -1): void {
  const token = state.tokens[index]!;
  token.type = nesting === 1 ? "s_open" : "s_close";
  token.tag = "s";
  token.nesting = nesting;
  token.markup = token.content;
  token.content = "";
}
