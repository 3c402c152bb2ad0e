import type { ComponentTools } from "../components/component-part";
import type { Draft } from "../view/draft";
import { createElement } from "../view/element";
import { createIconButton } from "../view/icon-button";
import { labels } from "../view/labels";

/** Copies of answers' components in a container of the page, kept while the tab is open. */
export class PinBoard {
  readonly #document: Document;
  readonly #container: string;
  readonly #kept: Draft;
  readonly #tools: Pick<ComponentTools, "stage" | "themes">;
  readonly #pins: { readonly text: string; readonly remove: () => void }[] = [];

  /** @param container the id of an element of the page. @param kept where their JSON is kept. */
  constructor(document: Document, container: string, kept: Draft, tools: Pick<ComponentTools, "stage" | "themes">) {
    this.#document = document;
    this.#container = container;
    this.#kept = kept;
    this.#tools = tools;
    (JSON.parse(kept.load() || "[]") as string[]).forEach((text) => this.#show(text));
  }

  /** @param text the JSON of components. */
  pin(text: string): void {
    if (this.#show(text)) {
      this.#save();
    }
  }

  destroy(): void {
    this.#pins.splice(0).forEach(({ remove }) => remove());
  }

  #show(text: string): boolean {
    const container = this.#document.getElementById(this.#container);
    if (!container) {
      return false;
    }
    const place = createElement(this.#document, "div", "vizro-ws-chat-pinned");
    container.append(place);
    const hide = this.#tools.stage.show(place, this.#tools.themes.applied(withoutIds(JSON.parse(text))));
    const pin = {
      text,
      remove: () => {
        hide();
        place.remove();
      },
    };
    const button = createIconButton(this.#document, "close", labels.unpin, () => {
      pin.remove();
      this.#pins.splice(this.#pins.indexOf(pin), 1);
      this.#save();
    });
    place.prepend(button);
    this.#pins.push(pin);
    return true;
  }

  #save(): void {
    this.#kept.save(this.#pins.length === 0 ? "" : JSON.stringify(this.#pins.map(({ text }) => text)));
  }
}

/** An id belongs to the component in the answer. */
function withoutIds(tree: unknown): unknown {
  if (Array.isArray(tree)) {
    return tree.map(withoutIds);
  }
  if (typeof tree !== "object" || tree === null || !("props" in tree)) {
    return tree;
  }
  const { id: _id, ...props } = tree.props as Readonly<Record<string, unknown>>;
  return { ...tree, props: { ...props, children: withoutIds(props["children"]) } };
}
