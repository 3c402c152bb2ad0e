import type { ScrollButton } from "./scroll-button.js";
import { distanceToBottom, type ScrollKeeper } from "./scroll-keeper.js";

/** Scrolling back to within this distance of the bottom takes up following again. */
const NEAR_PX = 24;

/** What opens or changes something where it is: its reader looks there. Copying is no such thing. */
const CHANGING = "summary, button:not(.chat-copy-button)";

const KEYS_UP: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

/**
 * Keeps an element scrolled to its bottom while it grows, until its reader wants to look elsewhere.
 *
 * Whether to follow is decided by what the reader does, never by measuring after something was appended.
 */
export class BottomFollower implements ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #button: ScrollButton;
  readonly #listeners: AbortController;
  readonly #sizes: ResizeObserver;
  readonly #contents: MutationObserver;
  #isFollowing = true;
  /** A mouse button is down: text is being selected, or the scroll bar held. */
  #isHeld = false;
  #lastTop = 0;
  #lastTouchY = 0;

  constructor(scroller: HTMLElement, button: ScrollButton, createObserver: (changed: () => void) => ResizeObserver) {
    const window = scroller.ownerDocument.defaultView!;
    this.#scroller = scroller;
    this.#button = button;
    this.#listeners = new window.AbortController();
    const { signal } = this.#listeners;
    const options = { signal, passive: true };
    scroller.addEventListener("scroll", () => this.#onScroll(), options);
    scroller.addEventListener("wheel", (event) => event.deltaY < 0 && this.#letGo(), options);
    scroller.addEventListener("keydown", (event) => this.#onKey(event), options);
    scroller.addEventListener("touchstart", (event) => (this.#lastTouchY = touchY(event)), options);
    scroller.addEventListener("touchmove", (event) => this.#onTouch(event), options);
    scroller.addEventListener("pointerdown", (event) => this.#onPointer(event), options);
    // Before the button acts, which may want to be followed.
    scroller.addEventListener("click", (event) => this.#onClick(event), { ...options, capture: true });
    // A browser may keep the release of a scroll bar to itself; then a move tells.
    for (const type of ["pointerup", "pointercancel", "pointermove"] as const) {
      scroller.ownerDocument.addEventListener(type, ({ buttons }) => buttons === 0 && this.#onRelease(), options);
    }
    button.onPress(() => this.#goToEnd());
    this.#sizes = createObserver(() => this.settle());
    this.#sizes.observe(scroller);
    // Pictures, diagrams and formulas come when the text has long been painted.
    this.#contents = new window.MutationObserver((records) => this.#watch(records));
    this.#contents.observe(scroller, { childList: true });
  }

  /** Goes to the bottom, and stays there. */
  follow(): void {
    this.#isFollowing = true;
  }

  /** Stays where the reader is, until they go to the bottom themselves. */
  stay(): void {
    this.#letGo();
  }

  settle(): void {
    if (this.#isFollowing && !this.#isHeld) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      this.#lastTop = this.#scroller.scrollTop;
    }
    this.#button.settle(!this.#isFollowing);
  }

  destroy(): void {
    this.#listeners.abort();
    this.#sizes.disconnect();
    this.#contents.disconnect();
  }

  #watch(records: readonly MutationRecord[]): void {
    for (const { addedNodes, removedNodes } of records) {
      removedNodes.forEach((node) => this.#sizes.unobserve(node as Element));
      addedNodes.forEach((node) => this.#sizes.observe(node as Element));
    }
  }

  #letGo(): void {
    // With nothing to scroll there is nowhere else to look, and no scroll event would ever take it back.
    if (this.#scroller.scrollTop > 0) {
      this.#isFollowing = false;
    }
  }

  #onScroll(): void {
    const top = this.#scroller.scrollTop;
    const distance = distanceToBottom(this.#scroller);
    if (distance <= 1 || (top > this.#lastTop && distance <= NEAR_PX)) {
      this.#isFollowing = true;
    } else if (top < this.#lastTop) {
      this.#isFollowing = false;
    }
    this.#lastTop = top;
    this.#button.settle(!this.#isFollowing);
  }

  #onKey(event: KeyboardEvent): void {
    if (KEYS_UP.has(event.key) || (event.key === " " && event.shiftKey)) {
      this.#letGo();
    }
  }

  #onClick({ target }: MouseEvent): void {
    if ((target as Element).closest(CHANGING)) {
      // Also with nothing to scroll: what opens may be larger than the view.
      this.#isFollowing = false;
    }
  }

  #onPointer(event: PointerEvent): void {
    // A finger scrolls, which is seen to above.
    if (event.pointerType === "mouse") {
      this.#isHeld = true;
    }
  }

  #onRelease(): void {
    if (this.#isHeld) {
      this.#isHeld = false;
      if (this.#hasSelection()) {
        this.#letGo();
      }
      this.settle();
    }
  }

  /** Whether text of the conversation is selected: to go on would take it out of sight. */
  #hasSelection(): boolean {
    const selection = this.#scroller.ownerDocument.getSelection();
    return selection?.isCollapsed === false && this.#scroller.contains(selection.anchorNode);
  }

  #onTouch(event: TouchEvent): void {
    const y = touchY(event);
    if (y > this.#lastTouchY) {
      this.#letGo();
    }
    this.#lastTouchY = y;
  }

  #goToEnd(): void {
    this.follow();
    this.settle();
  }
}

function touchY(event: TouchEvent): number {
  return event.touches[0]?.clientY ?? 0;
}
