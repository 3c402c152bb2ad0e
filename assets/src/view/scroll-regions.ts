/** Whatever is scrolled, and nothing else with this role, is watched. */
const SCROLLERS = '[role="group"]';

/**
 * Lets the keyboard reach what is scrolled sideways inside an answer, for as long as it is wider than its place: only
 * then it is a stop of the Tab key, and has a name that tells what it is.
 */
export class ScrollRegions {
  readonly #observer: ResizeObserver;
  readonly #contents = new WeakMap<Element, Element>();
  readonly #scrollers = new WeakMap<Element, HTMLElement>();
  readonly #listeners: AbortController;

  /** @param place what the answers are in. */
  constructor(place: HTMLElement, createObserver: (changed: ResizeObserverCallback) => ResizeObserver) {
    this.#observer = createObserver((entries) => {
      new Set(entries.map(({ target }) => this.#scrollers.get(target)!)).forEach(settle);
    });
    this.#listeners = new (place.ownerDocument.defaultView!.AbortController)();
    place.addEventListener("contentvisibilityautostatechange", (event) => this.#onSkip(event as ContentVisibilityAutoStateChangeEvent), {
      signal: this.#listeners.signal,
    });
  }

  /** Watches `scroller` and the content that may be wider than it. */
  watch(scroller: HTMLElement, content: Element, name: string): void {
    scroller.setAttribute("aria-label", name);
    scroller.setAttribute("role", "group");
    this.#contents.set(scroller, content);
    this.#scrollers.set(scroller, scroller);
    this.#scrollers.set(content, scroller);
    this.#observe(scroller, content);
  }

  destroy(): void {
    this.#listeners.abort();
    this.#observer.disconnect();
  }

  #observe(scroller: Element, content: Element): void {
    this.#observer.observe(scroller);
    this.#observer.observe(content);
  }

  /** What is not laid out has no size to watch, and each observed element costs something at each frame. */
  #onSkip({ target, skipped }: ContentVisibilityAutoStateChangeEvent): void {
    for (const scroller of (target as Element).querySelectorAll(SCROLLERS)) {
      const content = this.#contents.get(scroller);
      if (content && skipped) {
        this.#observer.unobserve(scroller);
        this.#observer.unobserve(content);
      } else if (content) {
        this.#observe(scroller, content);
      }
    }
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
