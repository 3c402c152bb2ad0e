import type { Block } from "./blocks.js";
import type { FragmentSource } from "./sanitizer.js";

/**
 * Has the HTML of many blocks sanitised at once.
 *
 * What the sanitiser does for each call, such as making a document, takes as long as a paragraph.
 */
export class FragmentBatch {
  readonly #source: FragmentSource;
  #ready: ReadonlyMap<string, DocumentFragment> = new Map();

  constructor(source: FragmentSource) {
    this.#source = source;
  }

  /** Makes what the blocks will ask for. */
  prepare(blocks: readonly Block[]): void {
    const htmls = [...new Set(blocks.flatMap(htmlsOf))].filter((html) => !this.#ready.has(html) && !this.#source.isQuick(html));
    if (htmls.length < 2) {
      return;
    }
    const holders = [...this.#source.fragment(htmls.map((html) => `<div>${html}</div>`).join("")).children];
    // One that does not keep to its own holder is made by itself, and so are then all.
    if (holders.length === htmls.length) {
      this.#ready = new Map(htmls.map((html, index) => [html, contentOf(holders[index]!)]));
    }
  }

  fragment(html: string): DocumentFragment {
    const ready = this.#ready.get(html);
    return ready ? (ready.cloneNode(true) as DocumentFragment) : this.#source.fragment(html);
  }
}

function htmlsOf(block: Block): string[] {
  switch (block.kind) {
    case "leaf":
      return [block.html];
    case "table":
      return [block.frame, ...block.rows.map(({ html }) => html)];
    case "code":
      return [];
    case "branch":
      return [block.open + block.close, ...block.children.flatMap(htmlsOf)];
  }
}

function contentOf(holder: Element): DocumentFragment {
  const fragment = holder.ownerDocument.createDocumentFragment();
  fragment.append(...holder.childNodes);
  return fragment;
}
