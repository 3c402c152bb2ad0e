import createMarkdownIt, { type Env, type MarkdownIt, type StateCore, type Token } from "markdown-it";
import { closeInline } from "./provisional.js";

const LINK_PROTOCOL = /^(?:https?|mailto):/i;

/** What one parse needs and learns. */
export interface ParseEnv extends Env {
  /** More text will follow. */
  unfinished: boolean;
}

/** CommonMark with GFM tables and strike-through; no HTML, no fetched images, links that leave the page alone. */
export function createParser(): MarkdownIt {
  const parser = createMarkdownIt({ html: false, linkify: true });
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  parser.linkify.add("ftp:", null).add("//", null);
  parser.validateLink = (url) => LINK_PROTOCOL.test(url.trim());
  parser.core.ruler.before("inline", "close_unfinished", closeUnfinished);
  parser.core.ruler.push("portable_attributes", setPortableAttributes);

  // An answer must not make the browser call anywhere by being shown, so an image is a link to follow or not.
  parser.renderer.rules.image = (tokens, index, options, env, renderer) => {
    const image = tokens[index]!;
    const label = renderer.renderInlineAsText(image.children ?? [], options, env) || "image";
    const escaped = parser.utils.escapeHtml(label);
    if (isInsideLink(tokens, index)) {
      return escaped;
    }
    const address = parser.utils.escapeHtml(String(image.attrGet("src")));
    return `<a href="${address}" target="_blank" rel="noopener noreferrer">${escaped}</a>`;
  };
  parser.renderer.rules.table_open = () => '<div class="chat-table-scroll"><table>\n';
  parser.renderer.rules.table_close = () => "</table></div>\n";
  return parser;
}

function closeUnfinished(state: StateCore): void {
  if (!(state.env as ParseEnv).unfinished) {
    return;
  }
  const last = state.tokens.filter((token) => token.nesting !== -1).at(-1);
  if (last?.type === "inline") {
    last.content = closeInline(last.content);
  }
}

function setPortableAttributes(state: StateCore): void {
  for (const token of state.tokens) {
    if (token.type === "th_open" || token.type === "td_open") {
      alignWithoutStyle(token);
    }
    for (const child of token.children ?? []) {
      if (child.type === "link_open") {
        child.attrSet("target", "_blank");
        child.attrSet("rel", "noopener noreferrer");
      }
    }
  }
}

/** A `style` attribute would be refused by a strict Content-Security-Policy and by the sanitiser. */
function alignWithoutStyle(cell: Token): void {
  const style = cell.attrGet("style");
  cell.attrs = style === null ? null : [["data-align", String(style).replace("text-align:", "")]];
}

function isInsideLink(tokens: readonly Token[], index: number): boolean {
  const before = tokens.slice(0, index).filter((token) => token.type.startsWith("link_")).at(-1);
  return before?.type === "link_open";
}
