import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import createMarkdownIt from "markdown-it";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { createWidgets } from "../doubles/widgets.js";
import { OneShot } from "./one-shot.js";
import { policy } from "./policy.js";
import { commonMark, type Example } from "./spec-examples.js";

const { window } = new JSDOM();
const oneShot = new OneShot(new Sanitizer(window, policy), createWidgets(window));
const withHtml = createMarkdownIt("commonmark");
const withoutHtml = createMarkdownIt("commonmark", { html: false });

/** What both sides say, without what is added or left out on purpose. */
function normalized(html: string): string {
  const holder = window.document.createElement("div");
  holder.innerHTML = html;
  for (const element of holder.querySelectorAll("*")) {
    for (const name of ["dir", "target", "rel", "loading"]) {
      element.removeAttribute(name);
    }
    const title = element.getAttribute("title");
    if (title !== null) {
      element.setAttribute("title", title.trim());
    }
  }
  for (const quote of holder.querySelectorAll("blockquote:empty, blockquote:not(:has(*))")) {
    quote.textContent = "";
  }
  for (const link of holder.querySelectorAll("a")) {
    if (policy.link(link.getAttribute("href")!) === "none") {
      link.replaceWith(...link.childNodes);
    }
  }
  return holder.innerHTML;
}

/** HTML is shown as text. */
function isAboutHtml({ markdown }: Example): boolean {
  return withHtml.render(markdown) !== withoutHtml.render(markdown);
}

/** GFM links addresses that CommonMark shows as text. */
function isExtendedByGfm({ section, html }: Example): boolean {
  return section === "Autolinks" && !html.includes("<a ") && /https?:\/\/|@/.test(html);
}

describe("CommonMark", () => {
  for (const example of commonMark.filter((each) => !isAboutHtml(each) && !isExtendedByGfm(each))) {
    const { section, number, markdown, html } = example;
    it(`${section}, example ${number}`, () => {
      assert.equal(normalized(oneShot.plainHtml(markdown)), normalized(html));
    });
  }
});
