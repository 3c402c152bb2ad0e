import type { MarkdownIt, Token } from "markdown-it";
import type { ParseEnv } from "./parser.js";

/** A list, list item, quote or section: its own tags, and the blocks between them. */
export interface Branch { readonly kind: "branch"; readonly open: string; readonly close: string; readonly children: readonly Block[] }
/** A code block; `closed` tells that no later text can go on with it. */
export interface Code { readonly kind: "code"; readonly language: string; readonly text: string; readonly closed: boolean }
/** A table with what scrolls it: all but the rows of its body, and these. */
export interface Table { readonly kind: "table"; readonly frame: string; readonly rows: readonly Leaf[] }
/** Any other block, or a row of a table, as HTML; `within` names the element in it that holds the row. */
export interface Leaf { readonly kind: "leaf"; readonly html: string; readonly within?: "tbody" }
export type Block = Branch | Code | Table | Leaf;

const BRANCHES: ReadonlySet<string> = new Set([
  "bullet_list_open",
  "ordered_list_open",
  "list_item_open",
  "blockquote_open",
  "details_open",
  "footnotes_open",
]);
const CODE: ReadonlySet<string> = new Set(["fence", "code_block"]);

/** Groups markdown-it's flat tokens into the tree that is compared with what is on the page. */
export class BlockBuilder {
  readonly #parser: MarkdownIt;
  readonly #tokens: Token[];
  readonly #env: ParseEnv;

  constructor(parser: MarkdownIt, tokens: Token[], env: ParseEnv) {
    this.#parser = parser;
    this.#tokens = tokens;
    this.#env = env;
  }

  build(from = 0, to = this.#tokens.length): Block[] {
    const blocks: Block[] = [];
    for (let index = from; index < to; ) {
      const end = this.#endOf(index);
      blocks.push(this.#block(index, end));
      index = end;
    }
    return blocks;
  }

  #block(from: number, to: number): Block {
    const token = this.#tokens[from]!;
    if (BRANCHES.has(token.type)) {
      const last = to - 1;
      return {
        kind: "branch",
        open: this.#html(from, from + 1),
        close: this.#html(last, to),
        children: this.build(from + 1, last),
      };
    }
    if (CODE.has(token.type)) {
      const closed = !this.#env.unfinished || !this.#isLast(to) || hasClosingFence(token);
      return { kind: "code", language: this.#language(token), text: token.content, closed };
    }
    return token.type === "table_open" ? this.#table(from, to) : { kind: "leaf", html: this.#html(from, to) };
  }

  #table(from: number, to: number): Table {
    const body = this.#endOf(from + 1);
    if (this.#tokens[body]!.type !== "tbody_open") {
      return { kind: "table", frame: this.#html(from, to), rows: [] };
    }
    const end = this.#endOf(body) - 1;
    const rows: Leaf[] = [];
    for (let index = body + 1; index < end; ) {
      const next = this.#endOf(index);
      // Outside of a table, a row is no HTML.
      rows.push({ kind: "leaf", html: `<table><tbody>${this.#html(index, next)}</tbody></table>`, within: "tbody" });
      index = next;
    }
    return { kind: "table", frame: this.#html(from, body + 1) + this.#html(end, to), rows };
  }

  #endOf(from: number): number {
    const { level, nesting } = this.#tokens[from]!;
    if (nesting === 0) {
      return from + 1;
    }
    let index = from + 1;
    while (this.#tokens[index]!.level !== level) {
      index += 1;
    }
    return index + 1;
  }

  /** The first word after the fence. */
  #language({ info }: Token): string {
    return this.#parser.utils.unescapeAll(info).trim().split(/\s+/)[0]!;
  }

  /** Whether nothing but the ends of what is around comes after. */
  #isLast(to: number): boolean {
    let index = to;
    while (this.#tokens[index]?.nesting === -1) {
      index += 1;
    }
    return index === this.#tokens.length;
  }

  /** Like `renderer.render`, but with the whole token list at hand: line breaks depend on the tokens around. */
  #html(from: number, to: number): string {
    const { renderer, options } = this.#parser;
    let html = "";
    for (let index = from; index < to; index += 1) {
      const token = this.#tokens[index]!;
      const rule = renderer.rules[token.type];
      if (token.type === "inline") {
        html += renderer.renderInline(token.children ?? [], options, this.#env);
      } else if (rule) {
        html += rule(this.#tokens, index, options, this.#env, renderer);
      } else {
        html += renderer.renderToken(this.#tokens, index, options);
      }
    }
    return html;
  }
}

/** A fence that is closed takes up two lines more than its content. */
function hasClosingFence({ type, content, map }: Token): boolean {
  const lines = content.split("\n").length - 1;
  return type === "fence" && (content === "" || content.endsWith("\n")) && map![1] - map![0] === lines + 2;
}
