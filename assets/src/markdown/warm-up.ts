import type { SlicedWork } from "../lazy/sliced-work.js";
import { MarkdownView, type MarkdownRenderer } from "./markdown-view.js";

/** Of all that answers often have, and nothing that has to be loaded. */
const SAMPLES = [
  "```text\ncode\n```",
  "| a | table |\n|---|------:|\n| b | 1     |",
  "- a list\n- of two\n\n> a quote",
  "A [link](https://example.org) and `code`",
  "## A heading\n\nSome **text",
];

/**
 * Renders parts of answers on no page, in tasks of their own. What runs for the first time is compiled then: the first
 * text would take several times as long as any later one.
 */
export function warmUp(document: Document, renderer: MarkdownRenderer, work: SlicedWork): void {
  for (const sample of SAMPLES) {
    work.do(() => new MarkdownView(document.createElement("div"), renderer).update(sample, false));
  }
}
