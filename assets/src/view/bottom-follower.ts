/** Scrolling back to within this distance of the bottom takes up following again. */
const NEAR_PX = 24;

/** The button to return is offered from this distance on. */
const AWAY_PX = 80;

const KEYS_UP: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

/**
 * Keeps an element scrolled to its bottom while it grows, until its reader wants to look elsewhere.
 *
 * Whether to follow is decided by what the reader does, never by measuring after something was appended.
 */
export class BottomFollower {
  readonly #scroller: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #listeners: AbortController;
  readonly #sizes: ResizeObserver;
  #isFollowing = true;
  #lastTop = 0;
  #lastTouchY = 0;

  constructor(scroller: HTMLElement, button: HTMLButtonElement, createObserver: (changed: () => void) => ResizeObserver) {
    this.#scroller = scroller;
    this.#button = button;
    button.hidden = true;
    this.#listeners = new scroller.ownerDocument.defaultView!.AbortController();
    const { signal } = this.#listeners;
    const options = { signal, passive: true };
    scroller.addEventListener("scroll", () => this.#onScroll(), options);
    scroller.addEventListener("wheel", (event) => event.deltaY < 0 && this.#letGo(), options);
    scroller.addEventListener("keydown", (event) => this.#onKey(event), options);
    scroller.addEventListener("touchstart", (event) => (this.#lastTouchY = touchY(event)), options);
    scroller.addEventListener("touchmove", (event) => this.#onTouch(event), options);
    button.addEventListener("click", () => this.#onButton(), { signal });
    this.#sizes = createObserver(() => this.settle());
    this.#sizes.observe(scroller);
  }

  /** Goes to the bottom, at the next `settle`, and stays there. */
  follow(): void {
    this.#isFollowing = true;
  }

  /** To be called after the content or the size has changed. */
  settle(): void {
    if (this.#isFollowing) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      this.#lastTop = this.#scroller.scrollTop;
    }
    this.#showButton();
  }

  destroy(): void {
    this.#listeners.abort();
    this.#sizes.disconnect();
  }

  #distance(): number {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  #letGo(): void {
    // With nothing to scroll there is nowhere else to look, and no scroll event would ever take it back.
    if (this.#scroller.scrollTop > 0) {
      this.#isFollowing = false;
    }
  }

  #onScroll(): void {
    const top = this.#scroller.scrollTop;
    const distance = this.#distance();
    if (distance <= 1 || (top > this.#lastTop && distance <= NEAR_PX)) {
      this.#isFollowing = true;
    } else if (top < this.#lastTop) {
      this.#isFollowing = false;
    }
    this.#lastTop = top;
    this.#showButton();
  }

  #onKey(event: KeyboardEvent): void {
    if (KEYS_UP.has(event.key) || (event.key === " " && event.shiftKey)) {
      this.#letGo();
    }
  }

  #onTouch(event: TouchEvent): void {
    const y = touchY(event);
    if (y > this.#lastTouchY) {
      this.#letGo();
    }
    this.#lastTouchY = y;
  }

  #onButton(): void {
    // The button is about to disappear; the keyboard goes on where the reader goes.
    this.#scroller.focus({ preventScroll: true });
    this.follow();
    this.settle();
  }

  #showButton(): void {
    this.#button.hidden = this.#isFollowing || this.#distance() < AWAY_PX;
  }
}

function touchY(event: TouchEvent): number {
  return event.touches[0]?.clientY ?? 0;
}
