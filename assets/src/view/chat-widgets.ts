import { CodeBlock, type CodeTools } from "../code/code-block.js";
import { DiagramBlock } from "../diagrams/diagram-block.js";
import type { ThemeWatch } from "../diagrams/theme-watch.js";
import type { Bundles } from "../lazy/page-bundles.js";
import type { BlockView } from "../markdown/block-view.js";
import type { TableView, Widgets } from "../markdown/widgets.js";
import { Formulas } from "../math/formulas.js";
import { TableBlock } from "../tables/table-block.js";
import type { CopyTools } from "./copy-button.js";
import type { ScrollRegions } from "./scroll-regions.js";

export interface ChatWidgetsOptions {
  readonly document: Document;
  readonly copy: CopyTools;
  readonly regions: Pick<ScrollRegions, "watch">;
  readonly bundles: Bundles;
  readonly theme: Pick<ThemeWatch, "isDark" | "tell">;
}

/** Code, tables, formulas and diagrams of one chat. */
export class ChatWidgets implements Widgets {
  readonly #options: ChatWidgetsOptions;
  readonly #code: CodeTools;
  readonly #formulas: Formulas;

  constructor(options: ChatWidgetsOptions) {
    const { highlighter, typesetter, work } = options.bundles;
    this.#options = options;
    this.#code = { ...options, highlighter, work };
    this.#formulas = new Formulas({ typesetter, work, regions: options.regions });
  }

  code(language: string): BlockView {
    if (language.toLowerCase() === "mermaid") {
      const { bundles, theme } = this.#options;
      return new DiagramBlock({ code: this.#code, sandbox: bundles.sandbox, theme });
    }
    return new CodeBlock(language, this.#code);
  }

  table(scroller: HTMLElement): TableView {
    return new TableBlock(scroller, this.#options);
  }

  typesetIn(nodes: readonly Node[]): void {
    this.#formulas.typesetIn(nodes);
  }
}
