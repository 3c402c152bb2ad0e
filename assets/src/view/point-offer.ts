import { createElement } from "./element.js";
import { createIconButton } from "./icon-button.js";
import { labels } from "./labels.js";

export interface PointOfferEvents {
  /** A question about the point is to be written. */
  ask(point: string): void;
  focusLost(): void;
}

/** Offers to ask about a point of a chart that was clicked, above the composer. */
export class PointOffer {
  readonly #element: HTMLElement;
  readonly #document: Document;
  readonly #events: PointOfferEvents;

  constructor(status: HTMLElement, events: PointOfferEvents) {
    this.#document = status.ownerDocument;
    this.#events = events;
    this.#element = createElement(this.#document, "div", "chat-point-offer");
    this.#element.hidden = true;
    status.append(this.#element);
  }

  show(point: string): void {
    const ask = createElement(this.#document, "button", "chat-form-button", labels.askAbout(point));
    ask.type = "button";
    ask.addEventListener("click", () => {
      this.#hide();
      this.#events.ask(point);
    });
    const close = createIconButton(this.#document, "close", labels.dismiss, () => {
      this.#hide();
      this.#events.focusLost();
    });
    this.#element.replaceChildren(ask, close);
    this.#element.hidden = false;
  }

  destroy(): void {
    this.#element.remove();
  }

  #hide(): void {
    this.#element.hidden = true;
    this.#element.replaceChildren();
  }
}
