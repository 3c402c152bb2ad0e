import type { Looks } from "../config.js";
import { createElement } from "./element.js";
import { createIcon } from "./icons.js";

/** What a conversation shows before it begins: who answers, and what could be asked. */
export class EmptyState {
  readonly #element: HTMLElement;

  /** @param ask sends a question. */
  constructor(element: HTMLElement, looks: Looks, ask: (question: string) => void) {
    const document = element.ownerDocument;
    this.#element = element;
    const mark = createElement(document, "div", "chat-empty-mark");
    mark.append(createIcon(document, "assistant"));
    const content = createElement(document, "div", "chat-empty-content");
    content.append(mark, createElement(document, "h3", "chat-empty-name", looks.name));
    if (looks.description !== "") {
      content.append(createElement(document, "p", "chat-empty-description", looks.description));
    }
    if (looks.exampleQuestions.length > 0) {
      const list = createElement(document, "ul", "chat-empty-questions");
      list.append(...looks.exampleQuestions.map((question) => createCard(document, question, ask)));
      content.append(list);
    }
    content.dir = "auto";
    element.append(content);
  }

  render(isEmpty: boolean): void {
    if (this.#element.hidden === isEmpty) {
      this.#element.hidden = !isEmpty;
    }
  }

  destroy(): void {
    this.#element.hidden = true;
    this.#element.replaceChildren();
  }
}

function createCard(document: Document, question: string, ask: (question: string) => void): HTMLElement {
  const item = createElement(document, "li", "chat-empty-item");
  const card = createElement(document, "button", "chat-empty-question", question);
  card.type = "button";
  card.addEventListener("click", () => ask(question));
  item.append(card);
  return item;
}
