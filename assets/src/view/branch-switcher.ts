import type { MessageState } from "../state.js";
import { createElement } from "./element.js";
import { createIconButton } from "./icon-button.js";
import { labels } from "./labels.js";

export type Step = -1 | 1;

/** ‹ 2/3 ›: which of its versions a message is, and the way to the others. */
export class BranchSwitcher {
  readonly element: HTMLElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #position: HTMLElement;
  readonly #positionSaid: HTMLElement;

  constructor(document: Document, switchTo: (step: Step) => void) {
    this.element = createElement(document, "div", "chat-branch-switcher");
    this.#previous = createIconButton(document, "previous", labels.previousVersion, () => switchTo(-1));
    this.#next = createIconButton(document, "next", labels.nextVersion, () => switchTo(1));
    this.#position = createElement(document, "span", "chat-branch-position");
    this.#position.setAttribute("aria-hidden", "true");
    this.#positionSaid = createElement(document, "span", "chat-visually-hidden");
    this.element.append(this.#previous, this.#position, this.#positionSaid, this.#next);
  }

  render({ index, count }: MessageState["branch"]): void {
    this.element.hidden = count < 2;
    this.#previous.disabled = index === 0;
    this.#next.disabled = index === count - 1;
    this.#position.textContent = labels.version(index, count);
    this.#positionSaid.textContent = labels.versionSaid(index, count);
  }

  /** The way that was gone, or back where it ends. */
  focus(step: Step): void {
    const [ahead, back] = step === 1 ? [this.#next, this.#previous] : [this.#previous, this.#next];
    (ahead.disabled ? back : ahead).focus({ preventScroll: true });
  }
}
