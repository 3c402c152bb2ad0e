import type { BlockView } from "./block-view.js";

/** A table inside what scrolls it, and what is around. */
export interface TableView {
  readonly element: Element;
  readonly scroller: Element;
}

/** Makes of some blocks more than HTML. */
export interface Widgets {
  code(language: string): BlockView;
  table(scroller: HTMLElement): TableView;
  /** Typesets the formulas in nodes. */
  typesetIn(nodes: readonly Node[]): void;
}
