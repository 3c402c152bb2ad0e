import { createElement } from "../view/element.js";
import type { ComponentTools } from "./component-part.js";

/** What the chat shows in places that the author leaves to it. */
export interface OwnContent {
  markdown(text: string): HTMLElement;
  /** null when the message has none. */
  files(): HTMLElement | null;
}

/** A message as its author shows it, in place of its bubble. */
export class AuthorView {
  readonly element: HTMLElement;
  readonly #own: OwnContent;
  readonly #observer: MutationObserver;
  readonly #hide: () => void;

  /** @param json the text of Dash components. */
  constructor(document: Document, json: string, { stage, themes }: Pick<ComponentTools, "stage" | "themes">, own: OwnContent) {
    this.element = createElement(document, "div", "chat-message-view");
    this.element.dir = "auto";
    this.#own = own;
    this.#observer = new document.defaultView!.MutationObserver(() => this.#fill());
    this.#observer.observe(this.element, { childList: true, subtree: true });
    this.#hide = stage.show(this.element, themes.applied(JSON.parse(json)));
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#hide();
    this.element.remove();
  }

  /** React has nothing in these places, and so does not look into them. */
  #fill(): void {
    for (const place of this.element.querySelectorAll<HTMLElement>("[data-chat-markdown], [data-chat-files]")) {
      if (!place.hasChildNodes()) {
        const text = place.dataset["chatMarkdown"];
        const content = text === undefined ? this.#own.files() : this.#own.markdown(text);
        place.append(...(content ? [content] : []));
      }
    }
  }
}
