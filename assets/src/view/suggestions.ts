import { createElement } from "./element.js";
import { labels } from "./labels.js";

/** What could be asked next, below an answer. */
export function createSuggestions(
  document: Document,
  questions: readonly string[],
  ask: (question: string) => void,
): HTMLElement {
  const list = createElement(document, "ul", "chat-suggestions");
  list.setAttribute("aria-label", labels.suggestions);
  for (const question of questions) {
    const item = createElement(document, "li", "chat-suggestion-item");
    const button = createElement(document, "button", "chat-suggestion", question);
    button.type = "button";
    button.dir = "auto";
    button.addEventListener("click", () => ask(question));
    item.append(button);
    list.append(item);
  }
  return list;
}
