/** Ends what was connected to an element. */
export type Disconnect = () => void;

interface Mounted {
  readonly value: string;
  readonly disconnect: Disconnect;
}

/**
 * Connects something to each element that carries an attribute, for as long as it is in the document and carries it.
 *
 * Dash renders, replaces and removes parts of the page at any time, and whole pages on navigation.
 */
export class Mount {
  readonly #document: Document;
  readonly #attribute: string;
  readonly #connect: (element: HTMLElement, value: string) => Disconnect;
  readonly #mounted = new Map<HTMLElement, Mounted>();
  readonly #observer: MutationObserver;

  constructor(
    document: Document,
    Observer: typeof MutationObserver,
    attribute: string,
    connect: (element: HTMLElement, value: string) => Disconnect,
  ) {
    this.#document = document;
    this.#attribute = attribute;
    this.#connect = connect;
    this.#observer = new Observer((records) => this.#changed(records));
  }

  start(): void {
    this.#observer.observe(this.#document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: [this.#attribute],
    });
    this.#mountWithin(this.#document);
  }

  stop(): void {
    this.#observer.disconnect();
    [...this.#mounted.keys()].forEach((element) => this.#unmount(element));
  }

  #changed(records: readonly MutationRecord[]): void {
    for (const [element, { value }] of [...this.#mounted]) {
      if (!element.isConnected || element.getAttribute(this.#attribute) !== value) {
        this.#unmount(element);
      }
    }
    for (const record of records) {
      if (record.type === "attributes") {
        this.#mount(record.target as HTMLElement);
      }
      for (const node of record.addedNodes) {
        if (node.nodeType === node.ELEMENT_NODE) {
          this.#mount(node as HTMLElement);
          this.#mountWithin(node as HTMLElement);
        }
      }
    }
  }

  #mountWithin(parent: ParentNode): void {
    parent.querySelectorAll<HTMLElement>(`[${this.#attribute}]`).forEach((element) => this.#mount(element));
  }

  #mount(element: HTMLElement): void {
    const value = element.getAttribute(this.#attribute);
    if (value === null || !element.isConnected || this.#mounted.has(element)) {
      return;
    }
    try {
      this.#mounted.set(element, { value, disconnect: this.#connect(element, value) });
    } catch (error) {
      // The other elements are mounted all the same.
      console.error(error);
    }
  }

  #unmount(element: HTMLElement): void {
    const mounted = this.#mounted.get(element);
    this.#mounted.delete(element);
    mounted?.disconnect();
  }
}
