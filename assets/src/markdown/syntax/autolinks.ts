import type { MarkdownIt, StateCore, StateInline, Token } from "markdown-it";

const DOMAIN = "[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+";
const WEB = new RegExp(`(?:https?://(?=${DOMAIN})|www\\.)[^\\s<]*`, "iy");
/** What may stand before an address. */
const BOUNDARY = /^$|[\s*_~(]/;
const WWW_IN_TEXT = /(?<=[\s(])www\./i;
const ENTITY = /&[a-z0-9#]+;/gi;
const SCHEME = /https?$/i;
const MAIL = new RegExp(`[a-z0-9.+_-]+@${DOMAIN}`, "gi");

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
  for (const { 0: found, index } of text.content.matchAll(MAIL)) {
    if (/[a-z0-9]$/i.test(found)) {
      tokens.push(...textTokens(state, text.content.slice(end, index)), ...linkTokens(state, `mailto:${found}`, found));
      end = index + found.length;
    }
  }
  return end === 0 ? [text] : [...tokens, ...textTokens(state, text.content.slice(end))];
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
  for (;;) {
    const shorter = address.replace(/(?:[?!.,:*_~'"]+|&[a-z0-9]+;)$/i, "");
    const isUnbalanced = shorter.endsWith(")") && count(shorter, ")") > count(shorter, "(");
    const next = isUnbalanced ? shorter.slice(0, -1) : shorter;
    if (next === address) {
      return address;
    }
    address = next;
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
