import type { DashId, SetProps } from "../dash";

/** Takes a component away again. */
export type Hide = () => void;

/** A place that Dash renders into, wherever in the page its element stands. */
interface Slot {
  readonly index: number;
  /** null until Dash has rendered it. */
  element: Element | null;
  /** Where it is to stand, while something is shown in it. */
  place: Element | null;
  tree: unknown;
}

/**
 * Has Dash render components into elements that Dash does not know.
 *
 * Dash renders whatever is in its layout, and remounts all children of a component whose children change. So the slots
 * are a chain in a hidden element of the layout, each within the last: a new one changes only the empty end of it. Once
 * Dash has rendered a slot, its element moves to where it is to be seen, and only then gets its components, which would
 * measure nothing before. Dash goes on to own it: React follows its own tree, not the document's.
 */
export class ComponentStage {
  readonly #host: HTMLElement;
  readonly #chat: string;
  readonly #setProps: SetProps;
  readonly #observer: MutationObserver;
  readonly #slots: Slot[] = [];
  #free: Slot[] = [];

  /** @param host the hidden element, the first link of the chain. */
  constructor(host: HTMLElement, chat: string, setProps: SetProps, Observer: typeof MutationObserver) {
    this.#host = host;
    this.#chat = chat;
    this.#setProps = setProps;
    this.#observer = new Observer(() => this.#takeRendered());
    this.#observer.observe(host, { childList: true, subtree: true });
  }

  /** Shows components at the end of `place`. @param tree as their JSON has them. */
  show(place: Element, tree: unknown): Hide {
    const slot = this.#free.pop() ?? this.#addSlot();
    slot.place = place;
    slot.tree = tree;
    this.#fill(slot);
    return () => this.#empty(slot);
  }

  destroy(): void {
    this.#observer.disconnect();
  }

  #addSlot(): Slot {
    const index = this.#slots.length;
    const slot: Slot = { index, element: null, place: null, tree: null };
    this.#slots.push(slot);
    this.#setProps(index === 0 ? this.#host.id : this.#end(index), {
      children: [
        component("dash_core_components", "Store", { id: this.#store(index) }),
        component("dash_html_components", "Div", { id: this.#content(index), "data-chat-slot": String(index) }),
        component("dash_html_components", "Div", { id: this.#end(index + 1) }),
      ],
    });
    return slot;
  }

  /** Of slots that are still in the hidden element: those that are shown have left it. */
  #takeRendered(): void {
    for (const element of this.#host.querySelectorAll("[data-chat-slot]")) {
      const slot = this.#slots[Number(element.getAttribute("data-chat-slot"))];
      if (slot && !slot.element) {
        slot.element = element;
        this.#fill(slot);
      }
    }
  }

  #fill({ element, place, index, tree }: Slot): void {
    if (element && place) {
      place.append(element);
      this.#setProps(this.#store(index), { data: tree });
    }
  }

  #empty(slot: Slot): void {
    slot.place = null;
    slot.tree = null;
    if (slot.element) {
      this.#setProps(this.#store(slot.index), { data: null });
      this.#host.append(slot.element);
    }
    this.#free.push(slot);
  }

  #end(index: number): string {
    return `${this.#chat}-answers-${index}`;
  }

  #store(index: number): DashId {
    return { type: `${this.#chat}-answer-tree`, index };
  }

  #content(index: number): DashId {
    return { type: `${this.#chat}-answer`, index };
  }
}

function component(namespace: string, type: string, props: object): object {
  return { namespace, type, props };
}
