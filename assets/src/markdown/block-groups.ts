import type { Block } from "./blocks.js";
import type { PlacedBlock, Reconciler } from "./reconciler.js";

/** As many blocks as an ordinary answer has; the first ones stand in the container itself. */
const SIZE = 24;
/** The class of groups that the browser need not lay out while they are out of sight. */
const FULL = "chat-block-group-full";

/**
 * The blocks of a text in its container, those of a long one in groups: what the browser does for each element that is
 * somewhere on the page, at each frame, it does for a group that is out of sight only once.
 *
 * Its place alone says in which group a block is, however the text has come, so that no finished one is ever moved.
 */
export class BlockGroups {
  readonly #container: Element;
  readonly #reconciler: Reconciler;
  /** All but the first. */
  readonly #groups: Element[] = [];

  constructor(container: Element, reconciler: Reconciler) {
    this.#container = container;
    this.#reconciler = reconciler;
  }

  /** Makes `placed`, the last blocks, show `blocks`; those `before` stay. The footnotes are the last of all. */
  reconcile(before: readonly PlacedBlock[], placed: readonly PlacedBlock[], blocks: readonly Block[]): PlacedBlock[] {
    const [oldTexts, oldNotes] = splitAt(placed, placed.findIndex(({ block }) => isNotes(block)));
    const [texts, freshNotes] = splitAt(blocks, blocks.findIndex(isNotes));
    const notes = this.#reconciler.reconcile(this.#container, oldNotes, freshNotes);
    const end = notes[0]?.nodes[0] ?? null;
    const all = [...before];
    const [first, last] = [before.length, before.length + texts.length];
    for (let from = first; from < Math.max(last, before.length + oldTexts.length); from += SIZE - (from % SIZE)) {
      const ofGroup = <Item>(items: readonly Item[]): Item[] => items.slice(from - first, from - first + SIZE - (from % SIZE));
      const index = Math.floor(from / SIZE);
      const group = index === 0 ? this.#container : this.#group(index, end);
      const next = index === 0 ? (this.#groups[0] ?? end) : null;
      if (index > 0) {
        standIn(group, all[index * SIZE - 1]);
      }
      all.push(...this.#reconciler.reconcile(group, ofGroup(oldTexts), ofGroup(texts), next));
    }
    this.#groups.splice(Math.max(0, Math.ceil(last / SIZE) - 1)).forEach((group) => group.remove());
    // What grows is laid out: a browser that does not look into a group would take what follows it for what the reader
    // looks at, and keep that in its place.
    this.#groups.forEach((group, index, { length }) => setClass(group, FULL, index < length - 1));
    return [...all.slice(first), ...notes];
  }

  #group(index: number, end: Node | null): Element {
    let group = this.#groups[index - 1];
    if (!group) {
      group = this.#container.ownerDocument.createElement("div");
      group.className = "chat-block-group";
      this.#groups.push(group);
      this.#container.insertBefore(group, end);
    }
    return group;
  }
}

/**
 * Puts an empty element of the kind of the block before a group at the group's beginning, out of sight: style sheets
 * say by what stands before a block how far below it is.
 */
function standIn(group: Element, before: PlacedBlock | undefined): void {
  const element = before?.nodes.find((node) => node.nodeType === node.ELEMENT_NODE);
  const name = element?.nodeName.toLowerCase() ?? "p";
  const present = group.firstElementChild;
  if (!present || present.localName !== name) {
    const fresh = group.ownerDocument.createElement(name);
    fresh.hidden = true;
    present?.remove();
    group.prepend(fresh);
  }
}

function setClass(element: Element, name: string, isWanted: boolean): void {
  if (element.classList.contains(name) !== isWanted) {
    element.classList.toggle(name, isWanted);
  }
}

function splitAt<Item>(items: readonly Item[], index: number): [readonly Item[], readonly Item[]] {
  return index === -1 ? [items, []] : [items.slice(0, index), items.slice(index)];
}

function isNotes(block: Block): boolean {
  return block.kind === "branch" && block.open.startsWith('<section class="chat-footnotes"');
}
