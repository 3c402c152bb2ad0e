import type { MarkdownIt, StateBlock, StateCore, StateInline, Token } from "markdown-it";
import { labels } from "../../view/labels.js";
import type { ParseEnv } from "../parser.js";

/** What is known of the footnotes of an answer. */
export interface Notes {
  /** Begins the ids of this answer's notes, unlike any other answer's. */
  readonly prefix: string;
  /** What notes say, by their labels. */
  readonly definitions: ReadonlyMap<string, readonly Token[]>;
  /** The labels of all references, in their order. */
  readonly citations: readonly string[];
}

export interface Definition { readonly label: string; readonly line: number; readonly tokens: Token[] }
type Citation = { readonly label: string; number: number; occurrence: number };

/** What one parse found of footnotes. */
export interface FoundNotes {
  readonly definitions: Definition[];
  readonly labels: Set<string>;
}

const DEFINITION = /^\[\^([^\s[\]]+)\]:[ \t]*/;
const REFERENCE = /\[\^([^\s[\]]+)\]/y;

export function emptyNotes(prefix: string): Notes {
  return { prefix, definitions: new Map(), citations: [] };
}

/**
 * GFM footnotes: `[^label]` in the text, `[^label]: …` anywhere at the beginning of a line.
 *
 * The well-known plugin for them numbers notes once the whole text is parsed; this one goes on from what is known.
 */
export function footnotes(parser: MarkdownIt): void {
  parser.core.ruler.before("block", "footnotes_begin", ({ env }) => {
    (env as ParseEnv).found = { definitions: [], labels: new Set() };
  });
  parser.block.ruler.before("reference", "footnote", define, { alt: ["paragraph", "reference"] });
  parser.inline.ruler.before("link", "footnote_reference", refer);
  parser.core.ruler.after("inline", "footnotes", placeNotes);
  parser.renderer.rules["footnote_reference"] = (tokens, index, _options, env) => {
    const { number, occurrence } = tokens[index]!.meta as unknown as Citation;
    const { prefix } = (env as ParseEnv).notes;
    const label = parser.utils.escapeHtml(labels.footnote(number));
    return `<sup class="chat-footnote-reference"><a href="#${prefix}${number}" id="${prefix}${number}-${occurrence}" aria-label="${label}">${number}</a></sup>`;
  };
  parser.renderer.rules["footnote_back"] = (tokens, index, _options, env) => {
    const { number, occurrence } = tokens[index]!.meta as unknown as Citation;
    const { prefix } = (env as ParseEnv).notes;
    const label = parser.utils.escapeHtml(labels.footnoteBack(number));
    return ` <a href="#${prefix}${number}-${occurrence}" class="chat-footnote-back" aria-label="${label}">↩</a>`;
  };
}

function define(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const begin = state.bMarks[startLine]! + state.tShift[startLine]!;
  // Inside another block only to tell that it ends here.
  const isInside = state.level !== 0 && !(silent && state.sCount[startLine]! < state.blkIndent);
  if (isInside || state.src[begin] !== "[" || state.sCount[startLine]! - state.blkIndent >= 4) {
    return false;
  }
  const mark = DEFINITION.exec(state.src.slice(begin, state.eMarks[startLine]));
  if (!mark) {
    return false;
  }
  if (silent) {
    return true;
  }
  const { found } = state.env as ParseEnv;
  const label = mark[1]!;
  found.labels.add(label);
  const open = state.push("footnote_open", "", 1);
  open.map = [startLine, startLine];
  open.meta = { label };
  const kept = { begin: state.bMarks[startLine]!, shift: state.tShift[startLine]!, count: state.sCount[startLine]! };
  const { parentType } = state;
  state.bMarks[startLine] = begin + mark[0].length;
  state.tShift[startLine] = 0;
  // What belongs to a note is indented by four, its first line as if it were.
  state.sCount[startLine] = state.blkIndent + 4;
  state.blkIndent += 4;
  state.parentType = "root";
  state.md.block.tokenize(state, startLine, endLine);
  state.parentType = parentType;
  state.blkIndent -= 4;
  state.bMarks[startLine] = kept.begin;
  state.tShift[startLine] = kept.shift;
  state.sCount[startLine] = kept.count;
  state.push("footnote_close", "", -1);
  open.map[1] = state.line;
  return true;
}

function refer(state: StateInline, silent: boolean): boolean {
  REFERENCE.lastIndex = state.pos;
  const mark = REFERENCE.exec(state.src);
  const env = state.env as ParseEnv;
  if (!mark) {
    return false;
  }
  const label = mark[1]!;
  // While more may come, so may the definition.
  if (!env.unfinished && !env.notes.definitions.has(label) && !env.found.labels.has(label)) {
    return false;
  }
  if (!silent) {
    const citation: Citation = { label, number: 0, occurrence: 0 };
    state.push("footnote_reference", "", 0).meta = citation;
  }
  state.pos += mark[0].length;
  return true;
}

/** Takes the definitions out of the text, numbers references as they come, and puts the notes to the end. */
function placeNotes(state: StateCore): void {
  const env = state.env as ParseEnv;
  takeDefinitions(state, env.found);
  const definitions = new Map([...env.found.definitions.map(({ label, tokens }) => [label, tokens] as const).reverse(), ...env.notes.definitions]);
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  const cite = (label: string): Citation => {
    numbers.set(label, numbers.get(label) ?? numbers.size + 1);
    counts.set(label, (counts.get(label) ?? 0) + 1);
    return { label, number: numbers.get(label)!, occurrence: counts.get(label)! };
  };
  const citeAll = (tokens: readonly Token[]): void =>
    referencesIn(tokens).forEach((reference) => Object.assign(reference, cite(reference.label)));
  env.notes.citations.forEach(cite);
  citeAll(state.tokens);
  const section: Token[] = [];
  // The notes themselves may refer to further ones.
  for (const [label, number] of numbers) {
    const definition = definitions.get(label);
    if (definition) {
      citeAll(definition);
      section.push(...noteTokens(state, definition, { number, count: counts.get(label)!, prefix: env.notes.prefix }));
    }
  }
  if (section.length > 0) {
    const open = new state.Token("footnotes_open", "section", 1);
    open.attrs = [["class", "chat-footnotes"], ["aria-label", labels.footnotes]];
    const list = new state.Token("ordered_list_open", "ol", 1);
    state.tokens.push(
      ...levelled([
        open, list, ...section,
        new state.Token("ordered_list_close", "ol", -1), new state.Token("footnotes_close", "section", -1),
      ]),
    );
  }
}

function takeDefinitions(state: StateCore, found: FoundNotes): void {
  const rest: Token[] = [];
  let current: Definition | null = null;
  for (const token of state.tokens) {
    if (token.type === "footnote_open") {
      current = { label: String(token.meta?.["label"]), line: token.map![0], tokens: [] };
      found.definitions.push(current);
    } else if (token.type === "footnote_close") {
      current = null;
    } else {
      (current?.tokens ?? rest).push(token);
    }
  }
  state.tokens = rest;
}

/** The labels of the notes that tokens refer to. */
export function citationsIn(tokens: readonly Token[]): string[] {
  return referencesIn(tokens).map(({ label }) => label);
}

function referencesIn(tokens: readonly Token[]): Citation[] {
  return tokens.flatMap(({ children }) =>
    (children ?? []).filter(({ type }) => type === "footnote_reference").map(({ meta }) => meta as unknown as Citation),
  );
}

function noteTokens(
  state: StateCore,
  definition: readonly Token[],
  { number, count, prefix }: { number: number; count: number; prefix: string },
): Token[] {
  const item = new state.Token("list_item_open", "li", 1);
  item.attrs = [["id", `${prefix}${number}`], ["value", String(number)]];
  const backs = Array.from({ length: count }, (_, index) => {
    const back = new state.Token("footnote_back", "", 0);
    back.meta = { number, occurrence: index + 1 };
    return back;
  });
  const tokens = [item, ...definition, new state.Token("list_item_close", "li", -1)];
  const end = tokens.at(-2)!;
  const last = tokens.at(-3);
  if (end.type === "paragraph_close" && last?.type === "inline") {
    const inline = Object.assign(new state.Token("inline", "", 0), last, { children: [...(last.children ?? []), ...backs] });
    tokens.splice(-3, 1, inline);
  } else {
    const inline = new state.Token("inline", "", 0);
    inline.children = backs;
    tokens.splice(-1, 0, new state.Token("paragraph_open", "p", 1), inline, new state.Token("paragraph_close", "p", -1));
  }
  return tokens;
}

/** Tokens of several places, with the levels and without the lines that they have in their new one. */
function levelled(tokens: readonly Token[]): Token[] {
  let level = 0;
  return tokens.map((original) => {
    const token = Object.assign(copy(original), { map: null, block: true });
    level += token.nesting === -1 ? -1 : 0;
    token.level = level;
    level += token.nesting === 1 ? 1 : 0;
    return token;
  });
}

/** What is made of tokens must not come into those that are kept. */
function copy(token: Token): Token {
  const children = token.children && token.children.map(copy);
  return Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token, { children });
}
