import { labels } from "../view/labels";
import { nameButton } from "../view/icon-button";
import type { Size } from "./popup-memory";

/** Pixels by which a press of an arrow key moves the corner. */
const STEP = 24;

const STEPS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/**
 * The upper corner by which a panel that hangs in the lower corner of the window is resized, with a pointer or with
 * the arrow keys. CSS can put its own handle at the lower corner only, which can't move, and has none for the keyboard.
 */
export class ResizeCorner {
  readonly #panel: HTMLElement;
  readonly #button: HTMLElement;
  readonly #chosen: (size: Size) => void;

  /** @param chosen told of each size that the reader has chosen. */
  constructor(panel: HTMLElement, button: HTMLElement, signal: AbortSignal, chosen: (size: Size) => void) {
    this.#panel = panel;
    this.#button = button;
    this.#chosen = chosen;
    nameButton(button, labels.resizePopup);
    button.addEventListener("pointerdown", (event) => this.#grab(event), { signal });
    button.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    button.addEventListener("lostpointercapture", () => this.#release(), { signal });
    button.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  /** Sets a size. The style sheet keeps it within the window. */
  set({ width, height }: Size): void {
    this.#panel.style.setProperty("--chat-popup-width", `${width}px`);
    this.#panel.style.setProperty("--chat-popup-height", `${height}px`);
  }

  #grab(event: PointerEvent): void {
    if (event.button === 0) {
      this.#button.setPointerCapture(event.pointerId);
    }
  }

  #drag(event: PointerEvent): void {
    if (this.#button.hasPointerCapture(event.pointerId)) {
      const { left, top } = this.#panel.getBoundingClientRect();
      this.#moveBy(event.clientX - left, event.clientY - top);
    }
  }

  #release(): void {
    this.#chosen(this.#size);
  }

  #onKey(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      this.#moveBy(...step);
      this.#chosen(this.#size);
    }
  }

  #moveBy(x: number, y: number): void {
    const { width, height } = this.#size;
    this.set({ width: width - x, height: height - y });
  }

  get #size(): Size {
    const { width, height } = this.#panel.getBoundingClientRect();
    return { width: Math.round(width), height: Math.round(height) };
  }
}
