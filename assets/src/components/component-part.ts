import type { PartState } from "../state";
import { createElement } from "../view/element";
import type { PartView } from "../view/part-view";
import type { ComponentStage, Hide } from "./component-stage";
import type { GraphThemes } from "./graph-themes";

export interface ComponentTools {
  readonly stage: Pick<ComponentStage, "show">;
  readonly themes: Pick<GraphThemes, "applied">;
}

/** Dash components in an answer. */
export class ComponentPart implements PartView {
  readonly container: HTMLElement;
  readonly isBehind = false;
  readonly #tools: ComponentTools;
  #hide: Hide | null = null;

  constructor(document: Document, tools: ComponentTools) {
    this.container = createElement(document, "div", "chat-component");
    this.#tools = tools;
  }

  /** Shows them once, when their JSON is complete: from then on they are Dash's. */
  update({ text, ended }: PartState): void {
    if (ended && !this.#hide) {
      const { stage, themes } = this.#tools;
      this.#hide = stage.show(this.container, themes.applied(JSON.parse(text)));
    }
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    this.#hide?.();
  }
}
