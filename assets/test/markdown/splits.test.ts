import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { PlainFragments } from "../../src/markdown/plain-fragments.js";
import { createWidgets } from "../doubles/widgets.js";
import { gfm } from "./gfm-examples.js";
import { CachingSanitizer, OneShot, withoutPrefix } from "./one-shot.js";
import { policy } from "./policy.js";
import { commonMark } from "./spec-examples.js";

const { window } = new JSDOM();
const sanitizer = new CachingSanitizer(window);
const widgets = createWidgets(window);
const renderer = new MarkdownRenderer({ sanitizer: new PlainFragments(window.document, sanitizer), policy, widgets, id: "x" });
const oneShot = new OneShot(sanitizer, widgets);

function createView(): { view: MarkdownView; container: HTMLElement } {
  const container = window.document.createElement("div");
  return { view: new MarkdownView(container, renderer), container };
}

const examples = [
  ...commonMark.map(({ number, markdown }) => ({ name: `CommonMark ${number}`, markdown })),
  ...gfm.map(({ name, markdown }) => ({ name: `GFM ${name}`, markdown })),
];

describe("A specification's example comes out the same", () => {
  for (const { name, markdown } of examples) {
    it(`in any two parts and in single characters: ${name}`, () => {
      const whole = oneShot.html(markdown, true);
      const single = createView();
      for (let at = 0; at <= markdown.length; at += 1) {
        const { view, container } = createView();
        view.update(markdown.slice(0, at), false);
        view.update(markdown, true);
        assert.equal(withoutPrefix(container.innerHTML), whole, `cut after ${at} characters`);
        single.view.update(markdown.slice(0, at), false);
      }
      single.view.update(markdown, true);
      assert.equal(withoutPrefix(single.container.innerHTML), whole, "character by character");
    });
  }
});
