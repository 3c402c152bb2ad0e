import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import type { Block } from "../../src/markdown/blocks.js";
import { FragmentBatch } from "../../src/markdown/fragment-batch.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { policy } from "./policy.js";

describe("FragmentBatch", () => {
  const { window } = new JSDOM();
  const sanitizer = new Sanitizer(window, policy);
  let asked: string[];
  let batch: FragmentBatch;

  beforeEach(() => {
    asked = [];
    batch = new FragmentBatch({
      fragment: (html) => {
        asked.push(html);
        return sanitizer.fragment(html);
      },
      isQuick: (html) => html.includes("quick"),
    });
  });

  const leaf = (html: string): Block => ({ kind: "leaf", html });
  const htmlOf = (fragment: DocumentFragment): string => {
    const holder = window.document.createElement("div");
    holder.append(fragment);
    return holder.innerHTML;
  };

  it("asks once for all blocks, however deep, and gives each what is its own", () => {
    const item: Block = { kind: "branch", open: "<li>", close: "</li>\n", children: [leaf("<p>One</p>\n")] };
    const blocks: Block[] = [
      { kind: "branch", open: "<ul>\n", close: "</ul>\n", children: [item, item] },
      { kind: "code", language: "", text: "x", closed: true },
      leaf(" <p onclick='x'>Two</p>\n"),
    ];
    batch.prepare(blocks);
    assert.equal(asked.length, 1);
    assert.equal(htmlOf(batch.fragment("<ul>\n</ul>\n")), "<ul>\n</ul>\n");
    assert.equal(htmlOf(batch.fragment("<li></li>\n")), "<li></li>\n");
    assert.equal(htmlOf(batch.fragment("<li></li>\n")), "<li></li>\n");
    assert.equal(htmlOf(batch.fragment(" <p onclick='x'>Two</p>\n")), " <p>Two</p>\n");
    assert.equal(asked.length, 1);
  });

  it("makes what it was not told of", () => {
    batch.prepare([leaf("<p>One</p>")]);
    assert.equal(htmlOf(batch.fragment("<p>One</p>")), "<p>One</p>");
    assert.deepEqual(asked, ["<p>One</p>"]);
  });

  it("does not let one block reach into another", () => {
    const htmls = ["</div><p>One</p>", "<p>Two</p>"];
    batch.prepare(htmls.map(leaf));
    assert.deepEqual(htmls.map((html) => htmlOf(batch.fragment(html))), ["<p>One</p>", "<p>Two</p>"]);
  });

  it("leaves what is quick by itself out of it", () => {
    batch.prepare([leaf("<p>One</p>"), leaf("<p>quick</p>"), leaf("<p>Two</p>")]);
    assert.deepEqual(asked, ["<div><p>One</p></div><div><p>Two</p></div>"]);
    assert.equal(htmlOf(batch.fragment("<p>quick</p>")), "<p>quick</p>");
  });
});
