/**
 * Lets the keyboard reach what is scrolled sideways inside an answer, for as long as it is wider than its place: only
 * then it is a stop of the Tab key, and has a name that tells what it is.
 */
export class ScrollRegions {
  readonly #observer: ResizeObserver;
  readonly #scrollers = new WeakMap<Element, HTMLElement>();

  constructor(createObserver: (changed: ResizeObserverCallback) => ResizeObserver) {
    this.#observer = createObserver((entries) => {
      new Set(entries.map(({ target }) => this.#scrollers.get(target)!)).forEach(settle);
    });
  }

  /** Watches `scroller` and the content that may be wider than it. */
  watch(scroller: HTMLElement, content: Element, name: string): void {
    scroller.setAttribute("aria-label", name);
    scroller.setAttribute("role", "group");
    for (const element of [scroller, content]) {
      this.#scrollers.set(element, scroller);
      this.#observer.observe(element);
    }
  }

  destroy(): void {
    this.#observer.disconnect();
  }
}

function settle(scroller: HTMLElement): void {
  const overflows = scroller.scrollWidth > scroller.clientWidth;
  if (overflows !== scroller.hasAttribute("tabindex")) {
    if (overflows) {
      scroller.tabIndex = 0;
    } else {
      scroller.removeAttribute("tabindex");
    }
  }
}
