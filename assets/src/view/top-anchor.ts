import type { ScrollButton } from "./scroll-button.js";
import type { ScrollKeeper } from "./scroll-keeper.js";

/** What stays free above a question that is taken to the top. */
const ABOVE_PX = 16;

/**
 * Takes a new question to the top of an element and leaves it there, while the answer grows below it.
 *
 * The last message is given the height that is left below the question: so there is room to scroll it up before there
 * is an answer, and nothing moves while the answer fills it and when it ends.
 */
export class TopAnchor implements ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #button: ScrollButton;
  readonly #window: Window;
  readonly #listeners: AbortController;
  readonly #sizes: ResizeObserver;
  #isDue = false;
  /** Whether there was anything to be seen before. */
  #wasFilled = false;
  #question: HTMLElement | null = null;
  /** The message with the room. */
  #last: HTMLElement | null = null;

  constructor(scroller: HTMLElement, button: ScrollButton, createObserver: (changed: () => void) => ResizeObserver) {
    const window = scroller.ownerDocument.defaultView!;
    this.#scroller = scroller;
    this.#button = button;
    this.#window = window;
    this.#listeners = new window.AbortController();
    const { signal } = this.#listeners;
    scroller.addEventListener("scroll", () => button.settle(true), { signal, passive: true });
    button.onPress(() => this.#goToEnd());
    this.#sizes = createObserver(() => this.#onResize());
    this.#sizes.observe(scroller);
  }

  follow(): void {
    this.#isDue = true;
  }

  stay(): void {
    this.#isDue = false;
  }

  settle(): void {
    const last = (this.#scroller.lastElementChild?.lastElementChild ?? null) as HTMLElement | null;
    if (this.#isDue && last) {
      this.#isDue = false;
      this.#question = [...this.#scroller.querySelectorAll<HTMLElement>('[data-role="user"]')].at(-1) ?? last;
      this.#makeRoom(last);
      const { matches: isCalm } = this.#window.matchMedia("(prefers-reduced-motion: reduce)");
      const top = this.#question.offsetTop - ABOVE_PX;
      this.#scroller.scrollTo({ top, behavior: isCalm ? "instant" : "smooth" });
    } else if (last && !this.#wasFilled) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    } else if (last && last !== this.#last && this.#question?.isConnected) {
      this.#makeRoom(last);
    }
    this.#wasFilled = last !== null;
    this.#button.settle(true);
  }

  destroy(): void {
    this.#listeners.abort();
    this.#sizes.disconnect();
  }

  #makeRoom(last: HTMLElement): void {
    if (this.#last !== last) {
      this.#last?.style.removeProperty("min-height");
      this.#last = last;
    }
    const question = this.#question ?? last;
    const below = this.#pixels(last, "margin-bottom") + this.#pixels(this.#scroller, "padding-bottom");
    const above = last.offsetTop - question.offsetTop + ABOVE_PX;
    last.style.minHeight = `${Math.max(0, this.#scroller.clientHeight - above - below)}px`;
  }

  #pixels(element: Element, property: string): number {
    return Number.parseFloat(this.#window.getComputedStyle(element).getPropertyValue(property)) || 0;
  }

  #onResize(): void {
    if (this.#last?.isConnected && this.#question?.isConnected) {
      this.#makeRoom(this.#last);
    }
    this.#button.settle(true);
  }

  #goToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#button.settle(true);
  }
}
