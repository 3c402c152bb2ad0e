import type { ComponentTools } from "../components/component-part";
import { isElement } from "../components/changed-props";
import type { Draft } from "../view/draft";
import { createElement } from "../view/element";
import { createIconButton } from "../view/icon-button";
import { labels } from "../view/labels";

interface Pin {
  /** The JSON of a component. */
  readonly text: string;
  /** null while the container is not on the page. */
  shown: { readonly button: HTMLElement; readonly remove: () => void } | null;
}

/** Copies of answers' components in a container of the page, kept while the tab is open. */
export class PinBoard {
  readonly #document: Document;
  readonly #container: string;
  readonly #kept: Pick<Draft, "load" | "save">;
  readonly #tools: Pick<ComponentTools, "stage" | "themes">;
  readonly #observer: MutationObserver;
  #pins: readonly Pin[];

  /** @param container the id of an element of the page. @param kept where their JSON is kept. */
  constructor(
    document: Document,
    container: string,
    kept: Pick<Draft, "load" | "save">,
    tools: Pick<ComponentTools, "stage" | "themes">,
  ) {
    this.#document = document;
    this.#container = container;
    this.#kept = kept;
    this.#tools = tools;
    this.#pins = textsIn(kept.load()).map((text) => ({ text, shown: null }));
    this.#observer = new document.defaultView!.MutationObserver(() => this.#showAll());
    if (!this.#showAll()) {
      this.#observer.observe(document, { childList: true, subtree: true });
    }
  }

  /** @param text the JSON of a component. */
  pin(text: string): void {
    if (this.#place) {
      this.#pins = [...this.#pins, { text, shown: null }];
      this.#showAll();
      this.#save();
    }
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#pins.forEach(({ shown }) => shown?.remove());
    this.#pins = [];
  }

  get #place(): HTMLElement | null {
    return this.#document.getElementById(this.#container);
  }

  /** Returns whether there is none that waits for its container. */
  #showAll(): boolean {
    const container = this.#place;
    const waiting = this.#pins.filter(({ shown }) => shown === null);
    if (container) {
      this.#observer.disconnect();
      waiting.forEach((pin) => this.#show(pin, container));
    }
    return container !== null || waiting.length === 0;
  }

  #show(pin: Pin, container: HTMLElement): void {
    const place = createElement(this.#document, "div", "vizro-ws-chat-pinned");
    const button = createIconButton(this.#document, "close", labels.unpin, () => this.#remove(pin));
    place.append(button);
    container.append(place);
    const hide = this.#tools.stage.show(place, this.#tools.themes.applied(withoutIds(JSON.parse(pin.text))));
    pin.shown = {
      button,
      remove: () => {
        hide();
        place.remove();
      },
    };
  }

  /** The focus goes on to the next one. */
  #remove(pin: Pin): void {
    const index = this.#pins.indexOf(pin);
    pin.shown?.remove();
    this.#pins = this.#pins.filter((other) => other !== pin);
    (this.#pins[index] ?? this.#pins.at(-1))?.shown?.button.focus();
    this.#save();
  }

  #save(): void {
    this.#kept.save(this.#pins.length === 0 ? "" : JSON.stringify(this.#pins.map(({ text }) => text)));
  }
}

/** Returns what was kept, without what is none of it. */
function textsIn(kept: string): string[] {
  const texts = parsed(kept);
  return Array.isArray(texts) ? texts.filter((text) => typeof text === "string" && isElement(parsed(text))) : [];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
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
