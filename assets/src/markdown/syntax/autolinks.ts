import type { MarkdownIt, StateCore, StateInline, Token } from "markdown-it";

const DOMAIN = "[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+";
const WEB = new RegExp(`(?:https?://(?=${DOMAIN})|www\\.)[^\\s<]*`, "iy");
/** What may stand before an address. */
const BOUNDARY = /^$|[\s*_~(]/;
const WWW_IN_TEXT = /(?<=[\s(])www\./i;
const ENTITY = /&[a-z0-9#]+;/gi;
const ENTITY_AT_END = /&[a-z0-9]+;$/i;
/** Of characters, with its marks: the longest that HTML knows has 33. */
const LONGEST_ENTITY = 40;
/** What more likely belongs to the sentence, at the end of an address. */
const TRAIL = /[?!.,:*_~'"]/;
const SCHEME = /https?$/i;
const MAIL_DOMAIN = new RegExp(DOMAIN, "iy");
const MAIL_CHARACTER = /[a-z0-9.+_-]/i;

/** GFM's extended autolinks: http://, https:// and www. addresses and e-mail addresses without any mark around them. */
export function autolinks(parser: MarkdownIt): void {
  const [text] = parser.inline.ruler.getRules("");
  // Addresses come before other marks, which they may contain.
  parser.inline.ruler.before("text", "www", (state, silent) => /[wW]/.test(state.src[state.pos]!) && webAddress(state, silent, ""));
  parser.inline.ruler.at("text", (state, silent) => textUpToAddress(state, silent, text!));
  parser.inline.ruler.at("linkify", (state, silent) => {
    const scheme = state.src[state.pos] === ":" ? SCHEME.exec(state.pending)?.[0] : undefined;
    return scheme !== undefined && webAddress(state, silent, scheme);
  });
  parser.core.ruler.at("linkify", linkMail);
}

/** `begun` is what of the address was taken for text. */
function webAddress(state: StateInline, silent: boolean, begun: string): boolean {
  const start = state.pos - begun.length;
  WEB.lastIndex = start;
  const found = state.linkLevel === 0 && BOUNDARY.test(state.src[start - 1] ?? "") && WEB.exec(state.src)?.[0];
  const source = found ? withoutTrail(found) : "";
  const address = source.replace(ENTITY, state.md.utils.unescapeAll);
  if (!isAddress(address)) {
    return false;
  }
  if (!silent) {
    state.pending = state.pending.slice(0, state.pending.length - begun.length);
    const open = state.push("link_open", "a", 1);
    open.attrs = [["href", state.md.normalizeLink(/^www\./i.test(address) ? `http://${address}` : address)]];
    state.push("text", "", 0).content = address;
    state.push("link_close", "a", -1);
  }
  state.pos = start + source.length;
  return true;
}

function textUpToAddress(state: StateInline, silent: boolean, text: (state: StateInline, silent: boolean) => boolean): boolean {
  const start = state.pos;
  if (!text(state, silent)) {
    return false;
  }
  const length = state.src.slice(start, state.pos).search(WWW_IN_TEXT);
  if (length > 0) {
    if (!silent) {
      state.pending = state.pending.slice(0, state.pending.length - (state.pos - start - length));
    }
    state.pos = start + length;
  }
  return true;
}

function linkMail(state: StateCore): void {
  for (const inline of state.tokens) {
    if (inline.type !== "inline" || !inline.children) {
      continue;
    }
    let depth = 0;
    inline.children = inline.children.flatMap((child) => {
      depth += child.type === "link_open" ? 1 : child.type === "link_close" ? -1 : 0;
      return child.type === "text" && depth === 0 ? split(state, child) : [child];
    });
  }
}

function split(state: StateCore, text: Token): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const { found, index } of mailAddresses(text.content)) {
    if (/[a-z0-9]$/i.test(found)) {
      tokens.push(...textTokens(state, text.content.slice(end, index)), ...linkTokens(state, `mailto:${found}`, found));
      end = index + found.length;
    }
  }
  return end === 0 ? [text] : [...tokens, ...textTokens(state, text.content.slice(end))];
}

/** Begins at each "@": what may stand before one may be anywhere and as long as the text. */
function* mailAddresses(text: string): Generator<{ found: string; index: number }> {
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", Math.max(from, at + 1))) {
    let index = at;
    while (index > from && MAIL_CHARACTER.test(text[index - 1]!)) {
      index -= 1;
    }
    MAIL_DOMAIN.lastIndex = at + 1;
    const domain = index < at && MAIL_DOMAIN.exec(text)?.[0];
    if (domain) {
      from = at + 1 + domain.length;
      yield { found: text.slice(index, from), index };
    }
  }
}

function linkTokens(state: StateCore, href: string, label: string): Token[] {
  const open = new state.Token("link_open", "a", 1);
  open.attrs = [["href", state.md.normalizeLink(href)]];
  return [open, ...textTokens(state, label), new state.Token("link_close", "a", -1)];
}

function textTokens(state: StateCore, content: string): Token[] {
  if (content === "") {
    return [];
  }
  const token = new state.Token("text", "", 0);
  token.content = content;
  return [token];
}

/** Leaves out what more likely belongs to the sentence: punctuation, an entity, a parenthesis without its opening one. */
function withoutTrail(address: string): string {
  let unopened = count(address, ")") - count(address, "(");
  let end = address.length;
  for (;;) {
    const last = address[end - 1] ?? "";
    const isUnopened = last === ")" && unopened > 0;
    if (isUnopened || TRAIL.test(last)) {
      unopened -= isUnopened ? 1 : 0;
      end -= 1;
      continue;
    }
    const entity = last === ";" && ENTITY_AT_END.exec(address.slice(Math.max(0, end - LONGEST_ENTITY), end));
    if (!entity) {
      return address.slice(0, end);
    }
    end -= entity[0].length;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** The last two segments of a domain have no underscore. */
function isAddress(address: string): boolean {
  const domain = /^(?:https?:\/\/)?([a-z0-9_.-]+)/i.exec(address)?.[1] ?? "";
  const segments = domain.split(".");
  return segments.length > 1 && !segments.slice(-2).some((segment) => segment.includes("_"));
}
