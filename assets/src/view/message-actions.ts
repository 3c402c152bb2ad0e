import { isBlank, textOf } from "../protocol/content.js";
import type { MessageState, Rating } from "../state.js";
import { BranchSwitcher, type Step } from "./branch-switcher.js";
import { CopyButton, type CopyTools } from "./copy-button.js";
import { createElement } from "./element.js";
import { createIconButton } from "./icon-button.js";
import { labels } from "./labels.js";
import { MessageTime } from "./message-time.js";
import { createUsage } from "./message-usage.js";
import { Toolbar } from "./toolbar.js";

export interface MessageActionEvents {
  /** What is copied. */
  text(): string;
  regenerate(): void;
  edit(): void;
  switchBranch(step: Step): void;
  rate(rating: Rating): void;
}

const RATINGS = [
  { rating: "up", icon: "rate-up", label: labels.rateUp },
  { rating: "down", icon: "rate-down", label: labels.rateDown },
] as const;

/** What can be done with one message, and when it was written, in a row below it. */
export class MessageActions {
  readonly #toolbar: Toolbar;
  readonly #createSwitcher: () => BranchSwitcher;
  /** Only of a message that has other versions: most have none. */
  #switcher: BranchSwitcher | null = null;
  #isBusy = false;
  readonly #copy: HTMLButtonElement;
  readonly #change: HTMLButtonElement;
  readonly #ratings: ReadonlyMap<Rating, HTMLButtonElement>;

  /** @param isRated whether somebody wants to know what the reader thinks. */
  constructor(
    element: HTMLElement,
    message: MessageState,
    tools: CopyTools,
    isRated: boolean,
    events: MessageActionEvents,
  ) {
    const document = element.ownerDocument;
    const isAnswer = message.role === "assistant";
    this.#toolbar = new Toolbar(document, isAnswer ? labels.answerActions : labels.questionActions);
    this.#createSwitcher = () => new BranchSwitcher(document, (step) => events.switchBranch(step));
    this.#copy = new CopyButton({ document, tools, label: labels.copy, text: () => events.text() }).element;
    this.#change = isAnswer
      ? createIconButton(document, "regenerate", labels.regenerate, () => events.regenerate())
      : createIconButton(document, "edit", labels.edit, () => events.edit());
    this.#ratings = new Map(
      (isAnswer && isRated ? RATINGS : []).map(({ rating, icon, label }) => [
        rating,
        createIconButton(document, icon, label, () => events.rate(rating)),
      ]),
    );
    this.#toolbar.element.append(this.#copy, ...this.#ratings.values(), this.#change);
    const meta = createElement(document, "span", "chat-message-meta");
    meta.append(new MessageTime(document, message.createdMs).element);
    if (message.model !== null) {
      const model = createElement(document, "span", "chat-message-model");
      // The name has a direction of its own; the point before it goes with the page's.
      model.append(createElement(document, "bdi", "", message.model));
      meta.append(model);
    }
    if (message.usage !== null) {
      meta.append(createUsage(document, message.usage));
    }
    element.replaceChildren(this.#toolbar.element, meta);
  }

  /** @param offersRetry whether the same is offered elsewhere. */
  render(message: MessageState, offersRetry: boolean): void {
    this.#renderSwitcher(message.branch);
    this.#copy.hidden = textOf(message.parts).trim() === "";
    this.#change.hidden = offersRetry;
    for (const [rating, button] of this.#ratings) {
      button.hidden = isBlank(message.parts);
      button.setAttribute("aria-pressed", String(message.rating === rating));
    }
    this.#toolbar.settle();
  }

  /** While an answer is made, there is no way to another branch. */
  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    for (const element of [this.#change, this.#switcher?.element]) {
      element?.classList.toggle("chat-branching-busy", isBusy);
    }
  }

  focusSwitcher(step: Step): void {
    this.#switcher?.focus(step);
  }

  focusChange(): void {
    this.#change.focus({ preventScroll: true });
  }

  focusRating(rating: Rating): void {
    this.#ratings.get(rating)?.focus({ preventScroll: true });
  }

  #renderSwitcher(branch: MessageState["branch"]): void {
    if (!this.#switcher && branch.count > 1) {
      this.#switcher = this.#createSwitcher();
      this.#toolbar.element.append(this.#switcher.element);
      this.setBusy(this.#isBusy);
    }
    this.#switcher?.render(branch);
  }
}
