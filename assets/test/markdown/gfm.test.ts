import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { gfm } from "./gfm-examples.js";
import { createWidgets } from "../doubles/widgets.js";
import { OneShot } from "./one-shot.js";
import { policy } from "./policy.js";

const { window } = new JSDOM();
const oneShot = new OneShot(new Sanitizer(window, policy), createWidgets(window));

const OWN = ["dir", "target", "rel", "class", "aria-label", "data-align"];

/** What the specification speaks of: elements, addresses and text. */
function normalized(html: string): string {
  const holder = window.document.createElement("div");
  holder.innerHTML = html;
  holder.querySelectorAll("div").forEach((wrapper) => wrapper.replaceWith(...wrapper.childNodes));
  holder.querySelectorAll("*").forEach((element) => OWN.forEach((name) => element.removeAttribute(name)));
  return holder.innerHTML.replace(/\s+/g, " ").replace(/ ?(<\/?(?:table|thead|tbody|tr|t[hd]|ul|ol|li|p|pre|blockquote|section|details|summary|br)\b[^>]*>) ?/g, "$1").replace(/ (?=<\/code><\/pre>)/g, "").trim();
}

describe("GFM", () => {
  for (const { name, markdown, html } of gfm) {
    it(name, () => {
      assert.equal(normalized(oneShot.plainHtml(markdown)), normalized(html));
    });
  }
});
