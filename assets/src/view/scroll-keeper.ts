/** Keeps the conversation scrolled to where its reader wants to look, while it grows. */
export interface ScrollKeeper {
  /** Something was asked just now: goes there, at the next `settle`. */
  follow(): void;
  /** The reader is looking at something. */
  stay(): void;
  /** To be called after the content or the size has changed. */
  settle(): void;
  destroy(): void;
}

/** How far an element could be scrolled down. */
export function distanceToBottom({ scrollHeight, clientHeight, scrollTop }: Element): number {
  return scrollHeight - clientHeight - scrollTop;
}

/** Scrolls, as little as it takes, to what has come within an element; the page around it stays. */
export function reveal(scroller: Element, element: Element): void {
  const hidden = element.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom;
  if (hidden > 0) {
    scroller.scrollTop += hidden;
  }
}
