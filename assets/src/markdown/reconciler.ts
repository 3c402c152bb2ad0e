import type { BlockView } from "./block-view.js";
import type { Block, Branch, Code, Leaf, Table } from "./blocks.js";
import { FragmentBatch } from "./fragment-batch.js";
import { patchNodes } from "./node-patch.js";
import type { FragmentSource } from "./sanitizer.js";
import type { TableView, Widgets } from "./widgets.js";

interface Placed { nodes: readonly ChildNode[] }
interface PlacedBranch extends Placed { readonly kind: "branch"; block: Branch; readonly element: Element; children: PlacedBlock[] }
interface PlacedCode extends Placed { readonly kind: "code"; block: Code; readonly view: BlockView }
interface PlacedTable extends Placed { readonly kind: "table"; block: Table; readonly view: TableView; rows: PlacedBlock[] }
interface PlacedLeaf extends Placed { readonly kind: "leaf"; block: Leaf }
/** A block and the nodes that show it. */
export type PlacedBlock = PlacedBranch | PlacedCode | PlacedTable | PlacedLeaf;

interface Created { readonly fragment: DocumentFragment; readonly placed: PlacedBlock }

/** Brings nodes up to date with blocks, leaving alone every node whose block has not changed. */
export class Reconciler {
  readonly #sanitizer: FragmentBatch;
  readonly #widgets: Widgets;

  constructor(sanitizer: FragmentSource, widgets: Widgets) {
    this.#sanitizer = new FragmentBatch(sanitizer);
    this.#widgets = widgets;
  }

  /** Makes `placed`, the last blocks in `parent` before `end`, show `blocks`. */
  reconcile(parent: Node, placed: readonly PlacedBlock[], blocks: readonly Block[], end: Node | null = null): PlacedBlock[] {
    this.#sanitizer.prepare(blocks.slice(placed.length));
    const result = blocks.map((block, index) => {
      const old = placed[index];
      if (old && this.#update(old, block)) {
        return old;
      }
      const anchor = placed.slice(index).find(({ nodes }) => nodes.length > 0)?.nodes[0] ?? end;
      const fresh = this.#create(block);
      parent.insertBefore(fresh.fragment, anchor);
      old?.nodes.forEach((node) => node.remove());
      return fresh.placed;
    });
    for (const { nodes } of placed.slice(blocks.length)) {
      nodes.forEach((node) => node.remove());
    }
    return result;
  }

  /** Returns false if the nodes have to be made anew. */
  #update(old: PlacedBlock, block: Block): boolean {
    if (old.kind === "leaf") {
      return block.kind === "leaf" && this.#updateLeaf(old, block);
    }
    if (old.kind === "table") {
      return block.kind === "table" && this.#updateTable(old, block);
    }
    if (old.kind === "code") {
      return block.kind === "code" && this.#updateCode(old, block);
    }
    if (block.kind !== "branch" || old.block.open.trim() !== block.open.trim() || old.block.close.trim() !== block.close.trim()) {
      return false;
    }
    if (old.block.open !== block.open || old.block.close !== block.close) {
      this.#respace(old, block);
    }
    old.children = this.reconcile(old.element, old.children, block.children);
    return true;
  }

  /** Changes the line breaks around and at the beginning of a branch: all that differs when a list turns loose. */
  #respace(old: PlacedBranch, block: Branch): void {
    const fresh = this.#sanitizer.fragment(block.open + block.close);
    const element = fresh.firstElementChild!;
    const nodes = [...fresh.childNodes];
    const place = nodes.indexOf(element);
    const [before, after] = [nodes.slice(0, place), nodes.slice(place + 1)];
    const content = new Set(old.children.flatMap((child) => child.nodes));
    [...old.element.childNodes].filter((node) => !content.has(node)).forEach((node) => node.remove());
    old.element.prepend(...element.childNodes);
    old.nodes.filter((node) => node !== old.element).forEach((node) => node.remove());
    old.element.before(...before);
    old.element.after(...after);
    old.nodes = [...before, old.element, ...after];
    old.block = block;
  }

  #updateLeaf(old: PlacedLeaf, block: Leaf): boolean {
    if (old.block.html !== block.html) {
      if (old.nodes.length === 0) {
        return false;
      }
      old.nodes = patchNodes(old.nodes, this.#content(block));
      old.block = block;
      this.#widgets.typesetIn(old.nodes);
    }
    return true;
  }

  #updateTable(old: PlacedTable, block: Table): boolean {
    const { scroller } = old.view;
    if (old.block.frame !== block.frame) {
      patchNodes([...scroller.childNodes], this.#sanitizer.fragment(block.frame).firstElementChild!);
      this.#widgets.typesetIn([scroller]);
    }
    old.block = block;
    old.rows = this.#reconcileRows(scroller, old.rows, block.rows);
    return true;
  }

  #reconcileRows(scroller: Element, placed: readonly PlacedBlock[], rows: readonly Leaf[]): PlacedBlock[] {
    const body = scroller.querySelector("tbody");
    return body ? this.reconcile(body, placed, rows) : [];
  }

  #updateCode(old: PlacedCode, block: Code): boolean {
    if (old.block.language !== block.language) {
      return false;
    }
    if (old.block.text !== block.text || old.block.closed !== block.closed) {
      old.view.update(block.text, block.closed);
      old.block = block;
    }
    return true;
  }

  #create(block: Block): Created {
    switch (block.kind) {
      case "branch":
        return this.#createBranch(block);
      case "code":
        return this.#createCode(block);
      case "table":
        return this.#createTable(block);
      case "leaf":
        return this.#createLeaf(block);
    }
  }

  #createLeaf(block: Leaf): Created {
    const fragment = this.#content(block);
    const nodes = [...fragment.childNodes];
    this.#widgets.typesetIn(nodes);
    return { fragment, placed: { kind: "leaf", block, nodes } };
  }

  #content({ html, within }: Leaf): DocumentFragment {
    const fragment = this.#sanitizer.fragment(html);
    if (within) {
      fragment.replaceChildren(...fragment.querySelector(within)!.childNodes);
    }
    return fragment;
  }

  #createTable(block: Table): Created {
    const fragment = this.#sanitizer.fragment(block.frame);
    const view = this.#widgets.table(fragment.firstElementChild as HTMLElement);
    fragment.prepend(view.element);
    this.#widgets.typesetIn([view.scroller]);
    const rows = this.#reconcileRows(view.scroller, [], block.rows);
    return { fragment, placed: { kind: "table", block, view, rows, nodes: [...fragment.childNodes] } };
  }

  #createCode(block: Code): Created {
    const view = this.#widgets.code(block.language);
    const fragment = view.element.ownerDocument.createDocumentFragment();
    // As after every other block, so that what is copied from the page has its lines apart.
    fragment.append(view.element, "\n");
    view.update(block.text, block.closed);
    return { fragment, placed: { kind: "code", block, view, nodes: [...fragment.childNodes] } };
  }

  #createBranch(block: Branch): Created {
    const fragment = this.#sanitizer.fragment(block.open + block.close);
    const element = fragment.firstElementChild!;
    const children = this.reconcile(element, [], block.children);
    return { fragment, placed: { kind: "branch", block, element, children, nodes: [...fragment.childNodes] } };
  }
}
