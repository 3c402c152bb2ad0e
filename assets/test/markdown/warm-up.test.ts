import assert from "node:assert/strict";
import { it } from "node:test";
import { JSDOM } from "jsdom";
import { SlicedWork } from "../../src/lazy/sliced-work.js";
import { MarkdownRenderer } from "../../src/markdown/markdown-view.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { warmUp } from "../../src/markdown/warm-up.js";
import type { Widgets } from "../../src/markdown/widgets.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { createWidgets } from "../doubles/widgets.js";
import { policy } from "./policy.js";

it("a warm-up renders what answers have, and puts nothing on the page", () => {
  const { window } = new JSDOM();
  const made: string[] = [];
  const real = createWidgets(window);
  const widgets: Widgets = {
    code: (language) => (made.push(language), real.code(language)),
    table: (scroller) => (made.push("table"), real.table(scroller)),
    typesetIn: () => undefined,
  };
  const renderer = new MarkdownRenderer({ sanitizer: new Sanitizer(window, policy), policy, widgets, id: "x" });
  const clock = new FakeClock();
  warmUp(window.document, renderer, new SlicedWork(clock));
  clock.pass(0);
  assert.deepEqual(made.sort(), ["table", "text"]);
  assert.equal(window.document.body.childNodes.length, 0);
});
