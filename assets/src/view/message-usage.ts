import { createElement } from "./element.js";
import { labels } from "./labels.js";

/** As the server writes it. */
interface Usage {
  readonly input: number;
  readonly output: number;
  readonly model: string | null;
}

/** What an answer has taken, in a word; what it is made up of when the pointer rests there. @param json a {@link Usage}. */
export function createUsage(document: Document, json: string): HTMLElement {
  const { input, output, model } = JSON.parse(json) as Usage;
  const element = createElement(document, "span", "chat-message-usage", labels.tokens(input + output));
  element.title = [labels.usage(input, output), ...(model === null ? [] : [model])].join(" · ");
  return element;
}
