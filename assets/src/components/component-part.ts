import type { Clock } from "../clock";
import type { GetProp, SetProps } from "../dash";
import type { PartState } from "../state";
import { createElement } from "../view/element";
import { labels } from "../view/labels";
import type { PartView } from "../view/part-view";
import { changedProps, isElement, type ElementJson } from "./changed-props";
import type { ComponentStage, Hide } from "./component-stage";
import type { GraphThemes } from "./graph-themes";
import { Pace } from "./pace";

/** What is worth a place on the page: charts and tables. */
const PINNED: ReadonlySet<string> = new Set(["Graph", "AgGrid", "DataTable"]);

export interface ComponentTools {
  readonly stage: Pick<ComponentStage, "show">;
  readonly themes: Pick<GraphThemes, "applied">;
  readonly setProps: SetProps;
  readonly getProp: GetProp;
  readonly clock: Clock;
  /** Pins components to the page, by their JSON; null where there is no place for them. */
  readonly pin: ((text: string) => void) | null;
}

/** Dash components in an answer. */
export class ComponentPart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;
  readonly #tools: ComponentTools;
  readonly #pace: Pace;
  #hide: Hide | null = null;
  #text = "";
  /** What is shown, or was given to Dash to be shown. */
  #shown: unknown = null;

  constructor(document: Document, tools: ComponentTools) {
    this.container = createElement(document, "div", "chat-component");
    this.#tools = tools;
    this.#pace = new Pace(tools.clock, () => this.#change());
  }

  /** Shows them when their JSON is complete: from then on they are Dash's, and only what changes is set. */
  update({ text, ended }: PartState): void {
    if (!ended || text === this.#text) {
      return;
    }
    this.#text = text;
    if (this.#hide) {
      this.#pace.request();
    } else {
      const { stage, themes } = this.#tools;
      this.#shown = themes.applied(JSON.parse(text));
      this.#hide = stage.show(this.container, this.#shown);
      this.#offerPin();
    }
  }

  advance(): void {
    // Dash does the rest.
  }

  destroy(): void {
    this.#pace.stop();
    this.#hide?.();
  }

  #offerPin(): void {
    const { pin } = this.#tools;
    if (pin && isElement(this.#shown) && PINNED.has(this.#shown.type)) {
      const { ownerDocument } = this.container;
      const button = createElement(ownerDocument, "button", "chat-form-button chat-pin-button", labels.pin);
      button.type = "button";
      button.addEventListener("click", () => pin(this.#text));
      this.container.append(button);
    }
  }

  /** Returns whether it could be done: Dash may not have made the component yet. */
  #change(): boolean {
    const { themes, setProps, getProp } = this.#tools;
    if (!isElement(this.#shown)) {
      return true;
    }
    const id = this.#shown.props["id"] as string;
    if (getProp(id, "id") === undefined) {
      return false;
    }
    const tree = themes.applied(JSON.parse(this.#text));
    if (!isElement(tree)) {
      return true;
    }
    setProps(id, changedProps(this.#shown, tree));
    this.#shown = tree satisfies ElementJson;
    return true;
  }
}
