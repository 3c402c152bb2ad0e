import { textOf } from "../protocol/content.js";
import type { MessageState } from "../state.js";
import { createElement } from "./element.js";

/** Characters in a line and pixels of its height. */
const LINE_CHARS = 80;
const LINE_PX = 24;
/** A chart is as high; what else there is, less. */
const COMPONENT_PX = 450;

/** A first estimate of how high the text of a message will be. */
export function estimateHeight({ parts }: MessageState): number {
  const components = parts.filter(({ kind }) => kind === "component").length;
  return Math.ceil(textOf(parts).length / LINE_CHARS) * LINE_PX + components * COMPONENT_PX;
}

interface Sketch {
  readonly message: MessageState;
  readonly element: HTMLElement;
}

/**
 * Messages of a long conversation as plain text: there to be found, read aloud and scrolled over, at the cost of a text
 * node each, until somebody has them rendered.
 */
export class Sketches {
  readonly #document: Document;
  readonly #observer: IntersectionObserver;
  /** In the order in which they were added. */
  readonly #sketches = new Map<string, Sketch>();
  readonly #keys = new WeakMap<Element, string>();
  readonly #near = new Set<string>();

  /** @param onNear some have come near what is seen. */
  constructor(
    document: Document,
    createObserver: (changed: IntersectionObserverCallback) => IntersectionObserver,
    onNear: () => void,
  ) {
    this.#document = document;
    this.#observer = createObserver((entries) => {
      entries.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => this.#near.add(this.#keys.get(target)!));
      if (this.#near.size > 0) {
        onNear();
      }
    });
  }

  /** Draws a message; the element is for the caller to place. */
  add(message: MessageState, speaker: string): HTMLElement {
    const { key, role, parts } = message;
    const text = textOf(parts);
    const element = createElement(this.#document, "div", "chat-message-wrapper chat-message-sketch");
    element.dataset["role"] = role;
    const kind = role === "user" ? "chat-user-message chat-user-text" : "chat-assistant-message";
    const bubble = createElement(this.#document, "div", `chat-message-bubble ${kind}`, text);
    bubble.dir = "auto";
    bubble.hidden = text.trim() === "";
    element.style.setProperty("--chat-sketch-height", `${estimateHeight(message)}px`);
    element.append(createElement(this.#document, "span", "chat-visually-hidden", `${speaker}: `), bubble);
    this.#sketches.set(key, { message, element });
    this.#keys.set(element, key);
    this.#observer.observe(element);
    return element;
  }

  get(key: string): Sketch | undefined {
    return this.#sketches.get(key);
  }

  get keys(): Iterable<string> {
    return this.#sketches.keys();
  }

  /** Of one that has come near what is seen. */
  get nextNear(): string | undefined {
    return this.#near.values().next().value;
  }

  /** Forgets a sketch; its element is for the caller to replace. */
  delete(key: string): void {
    const sketch = this.#sketches.get(key);
    if (sketch) {
      this.#observer.unobserve(sketch.element);
      this.#sketches.delete(key);
      this.#near.delete(key);
    }
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#sketches.clear();
    this.#near.clear();
  }
}
