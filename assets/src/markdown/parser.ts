import createMarkdownIt, { type Env, type MarkdownIt, type StateCore, type Token } from "markdown-it";
import { withoutOpenFormula } from "../math/formula-syntax.js";
import { addMathRules } from "../math/math-rules.js";
import type { AddressPolicy } from "./address-policy.js";
import { hiddenHost, withoutTurns } from "./link-text.js";
import { closeInline } from "./provisional.js";
import { labels } from "../view/labels.js";
import { autolinks } from "./syntax/autolinks.js";
import { details } from "./syntax/details.js";
import { footnotes, type FoundNotes, type Notes } from "./syntax/footnotes.js";
import { halfTable } from "./syntax/half-table.js";
import { lineBreak } from "./syntax/line-break.js";
import { strikethrough } from "./syntax/strikethrough.js";
import { tasks } from "./syntax/tasks.js";

/** What one parse needs and learns. */
export interface ParseEnv extends Env {
  /** More text will follow. */
  readonly unfinished: boolean;
  /** The footnotes above what is parsed. */
  readonly notes: Notes;
  /** The footnotes in what is parsed; there once it was. */
  found: FoundNotes;
}

/** The environment of a parse that goes on below what is known already. */
export function createEnv(unfinished: boolean, notes: Notes, references: NonNullable<Env["references"]> = {}): ParseEnv {
  return { unfinished, notes, found: { definitions: [], labels: new Set() }, references: { ...references } };
}

/** CommonMark and GFM without HTML, but for collapsible sections and line breaks, and within a policy for addresses. */
export function createParser(policy: AddressPolicy): MarkdownIt {
  const parser = createMarkdownIt({ html: false });
  // What is not allowed is shown as its text, which is better to read than as its Markdown.
  parser.validateLink = () => true;
  addMathRules(parser);
  parser.use(strikethrough).use(tasks).use(lineBreak).use(autolinks).use(details).use(footnotes).use(halfTable);
  parser.core.ruler.before("tasks", "close_unfinished", closeUnfinished);
  parser.core.ruler.push("addresses", (state) => state.tokens.forEach((token) => apply(policy, state, token)));
  parser.core.ruler.push("block_attributes", setBlockAttributes);
  parser.renderer.rules.image = (tokens, index, options, env, renderer) => {
    const image = tokens[index]!;
    image.attrSet("alt", renderer.renderInlineAsText(image.children ?? [], options, env));
    return renderer.renderToken(tokens, index, options);
  };
  parser.renderer.rules.link_host = (tokens, index) =>
    ` <span class="chat-link-host" dir="ltr">(${parser.utils.escapeHtml(tokens[index]!.content)})</span>`;
  // What scrolls has the table's direction: a table narrower than the page begins where its text does.
  parser.renderer.rules.table_open = (tokens, index, _options, _env, renderer) =>
    `<div class="chat-table-scroll"${renderer.renderAttrs(tokens[index]!)}><table>\n`;
  parser.renderer.rules.table_close = () => "</table></div>\n";
  return parser;
}

function closeUnfinished(state: StateCore): void {
  if ((state.env as ParseEnv).unfinished) {
    const { tokens } = state;
    const begun = tokens.filter(
      (token, index) => (token.nesting !== -1 || token.map !== null) && !isEmptyCell(token, tokens[index - 1]),
    );
    const last = begun.at(-1);
    if (last?.type === "inline") {
      last.content = closeInline(withoutOpenFormula(last.content));
    }
  }
}

/** Cells that have not come yet are there as empty ones. */
function isEmptyCell({ type, content }: Token, before: Token | undefined): boolean {
  const isInCell = before?.type === "td_open" || before?.type === "th_open";
  return isInCell ? content === "" : type === "td_open" || type === "th_open";
}

/** Makes links and images what the policy allows them to be: an image may be a link, and both nothing but their text. */
function apply(policy: AddressPolicy, state: StateCore, inline: Token): void {
  let link: Token | null = null;
  let text = "";
  inline.children = inline.children && inline.children.flatMap((child) => {
    if (child.type === "link_open") {
      link = setTarget(policy, child) ? child : null;
      text = "";
      return link ? [child] : [];
    }
    if (child.type === "link_close") {
      const before = link;
      link = null;
      return before ? [child, ...hostOf(before, text, state)] : [];
    }
    if (child.type !== "image") {
      if (link) {
        child.content = withoutTurns(child.content);
        text += child.content;
      }
      return [child];
    }
    const address = String(child.attrGet("src"));
    if (policy.allowsImage(address)) {
      child.attrSet("loading", "lazy");
      return [child];
    }
    const label = imageLabel(state, child);
    label.content = withoutTurns(label.content);
    text += label.content;
    const open = new state.Token("link_open", "a", 1);
    open.attrs = [["href", address]];
    if (link || !setTarget(policy, open)) {
      return [label];
    }
    return [open, label, new state.Token("link_close", "a", -1), ...hostOf(open, label.content, state)];
  });
}

/** Says behind a link to another site where it leads, unless its text does. */
function hostOf(link: Token, text: string, state: StateCore): Token[] {
  const host = link.attrGet("target") === null ? null : hiddenHost(text, String(link.attrGet("href")));
  if (host === null) {
    return [];
  }
  const token = new state.Token("link_host", "span", 0);
  token.content = host;
  return [token];
}

/** Returns whether the link may be followed. */
function setTarget(policy: AddressPolicy, link: Token): boolean {
  const kind = policy.link(String(link.attrGet("href")));
  if (kind === "external") {
    link.attrSet("target", "_blank");
    link.attrSet("rel", "noopener noreferrer");
  }
  return kind !== "none";
}

function imageLabel(state: StateCore, image: Token): Token {
  const label = new state.Token("text", "", 0);
  const { renderer, options } = state.md;
  label.content = renderer.renderInlineAsText(image.children ?? [], options, state.env) || labels.image;
  return label;
}

function setBlockAttributes(state: StateCore): void {
  for (const token of state.tokens) {
    if (token.type === "th_open" || token.type === "td_open") {
      alignWithoutStyle(token);
    }
    // Each block is written in the direction of its own text, with all that stands in it.
    if (token.level === 0 && token.nesting === 1) {
      token.attrSet("dir", "auto");
    }
  }
}

/** A `style` attribute would be refused by a strict Content-Security-Policy and by the sanitiser. */
function alignWithoutStyle(cell: Token): void {
  const style = cell.attrGet("style");
  cell.attrs = style === null ? null : [["data-align", String(style).replace("text-align:", "")]];
}
