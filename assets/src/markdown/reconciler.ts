import type { Block, Branch, Code, Leaf } from "./blocks.js";
import type { FragmentSource } from "./sanitizer.js";

interface Placed { readonly nodes: readonly ChildNode[] }
interface PlacedBranch extends Placed { readonly kind: "branch"; readonly block: Branch; readonly element: Element; children: PlacedBlock[] }
interface PlacedCode extends Placed { readonly kind: "code"; block: Code; readonly text: Text }
interface PlacedLeaf extends Placed { readonly kind: "leaf"; readonly block: Leaf }
/** A block and the nodes that show it. */
export type PlacedBlock = PlacedBranch | PlacedCode | PlacedLeaf;

/** Brings nodes up to date with blocks, leaving alone every node whose block has not changed. */
export class Reconciler {
  readonly #sanitizer: FragmentSource;

  constructor(sanitizer: FragmentSource) {
    this.#sanitizer = sanitizer;
  }

  /** Makes `placed`, the last blocks in `parent`, show `blocks`. */
  reconcile(parent: Node, placed: readonly PlacedBlock[], blocks: readonly Block[]): PlacedBlock[] {
    const result = blocks.map((block, index) => {
      const old = placed[index];
      if (old && this.#update(old, block)) {
        return old;
      }
      const anchor = placed.slice(index).find(({ nodes }) => nodes.length > 0)?.nodes[0] ?? null;
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
      return block.kind === "leaf" && old.block.html === block.html;
    }
    if (old.kind === "code") {
      if (block.kind !== "code" || old.block.frame !== block.frame) {
        return false;
      }
      setText(old.text, block.text);
      old.block = block;
      return true;
    }
    if (block.kind !== "branch" || old.block.open !== block.open || old.block.close !== block.close) {
      return false;
    }
    old.children = this.reconcile(old.element, old.children, block.children);
    return true;
  }

  #create(block: Block): { fragment: DocumentFragment; placed: PlacedBlock } {
    if (block.kind === "leaf") {
      const fragment = this.#sanitizer.fragment(block.html);
      return { fragment, placed: { kind: "leaf", block, nodes: [...fragment.childNodes] } };
    }
    if (block.kind === "code") {
      const fragment = this.#sanitizer.fragment(block.frame);
      const text = fragment.ownerDocument.createTextNode(block.text);
      fragment.querySelector("code")!.append(text);
      return { fragment, placed: { kind: "code", block, text, nodes: [...fragment.childNodes] } };
    }
    const fragment = this.#sanitizer.fragment(block.open + block.close);
    const element = fragment.firstElementChild!;
    const children = this.reconcile(element, [], block.children);
    return { fragment, placed: { kind: "branch", block, element, children, nodes: [...fragment.childNodes] } };
  }
}

function setText(node: Text, text: string): void {
  if (text.startsWith(node.data)) {
    if (text.length > node.data.length) {
      node.appendData(text.slice(node.data.length));
    }
  } else {
    node.data = text;
  }
}
