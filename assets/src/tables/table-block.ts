import { CopyButton, type CopyTools } from "../view/copy-button.js";
import { createElement } from "../view/element.js";
import { labels } from "../view/labels.js";
import type { ScrollRegions } from "../view/scroll-regions.js";
import { toCsv, toMarkdown } from "./table-text.js";

export interface TableTools {
  readonly document: Document;
  readonly copy: CopyTools;
  readonly regions: Pick<ScrollRegions, "watch">;
}

/** A table that scrolls inside itself, with buttons that copy it. */
export class TableBlock {
  readonly element: HTMLElement;
  /** Holds the table; whoever owns the block keeps it up to date. */
  readonly scroller: HTMLElement;

  constructor(scroller: HTMLElement, tools: TableTools) {
    const { document, copy } = tools;
    this.element = createElement(document, "div", "chat-table");
    this.scroller = scroller;
    const buttons = createElement(document, "div", "chat-table-tools");
    // What changes here is said by the announcer, not by the transcript around.
    buttons.setAttribute("aria-live", "off");
    for (const [label, caption, text] of [
      [labels.copyCsv, "CSV", () => toCsv(this.#table)],
      [labels.copyMarkdown, "Markdown", () => toMarkdown(this.#table)],
    ] as const) {
      buttons.append(new CopyButton({ document, tools: copy, label, caption, text }).element);
    }
    this.element.append(scroller, buttons);
    tools.regions.watch(scroller, this.#table, labels.table);
  }

  get #table(): HTMLTableElement {
    return this.scroller.querySelector("table")!;
  }
}
