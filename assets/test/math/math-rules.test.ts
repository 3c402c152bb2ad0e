import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEnv, createParser } from "../../src/markdown/parser.js";
import { emptyNotes } from "../../src/markdown/syntax/footnotes.js";
import { policy } from "../markdown/policy.js";

function render(text: string, unfinished = false): string {
  return createParser(policy).render(text, createEnv(unfinished, emptyNotes("x"))).replaceAll(' dir="auto"', "");
}

const span = (source: string): string => `<span class="chat-math">${source}</span>`;
const block = (source: string): string => `<div class="chat-math chat-math-display">${source}</div>\n`;

describe("Formulas in Markdown", () => {
  const cases: readonly (readonly [text: string, html: string])[] = [
    ["so $a_1 * b_1$ is", `<p>so ${span("a_1 * b_1")} is</p>\n`],
    ["so \\(a < b\\) is", `<p>so ${span("a &lt; b")} is</p>\n`],
    ["**$x$**", `<p><strong>${span("x")}</strong></p>\n`],
    ["so $$x$$ is", '<p>so <span class="chat-math chat-math-display">x</span> is</p>\n'],
    ["from $5 to $6, or so", "<p>from $5 to $6, or so</p>\n"],
    ["`$x$` \\$x$", "<p><code>$x$</code> $x$</p>\n"],
    ["$$x$$", block("x")],
    ["$$\nx\n+ y\n$$", block("x\n+ y")],
    ["text\n\\[\nx\n\\]\nmore", `<p>text</p>\n${block("x")}<p>more</p>\n`],
    ["> $$\n> x\n> $$", `<blockquote>\n${block("x")}</blockquote>\n`],
    ["- a\n\n  $$\n  x\n  $$\n", `<ul>\n<li>\n<p>a</p>\n${block("x")}</li>\n</ul>\n`],
    ["$$\nx\n\ny\n$$", "<p>$$\nx</p>\n<p>y\n$$</p>\n"],
    ["    $$\n    x", "<pre><code>$$\nx\n</code></pre>\n"],
    ["$$\nnever closed", "<p>$$\nnever closed</p>\n"],
    ["\\[not a link\\](a)", '<p><span class="chat-math chat-math-display">not a link</span>(a)</p>\n'],
    ["\\(\\) \\[\\]", "<p>() []</p>\n"],
  ];
  for (const [text, html] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.equal(render(text), html);
    });
  }

  it("show the source of one on lines of its own while it is written", () => {
    assert.equal(render("$$\n\\frac{a}", true), '<div class="chat-math chat-math-display chat-math-open">\\frac{a}</div>\n');
    assert.equal(render("$$\nnever closed\n\nmore", true), "<p>$$\nnever closed</p>\n<p>more</p>\n");
  });

  it("hold one inside a text back while it is written", () => {
    assert.equal(render("so $\\frac{a}", true), "<p>so</p>\n");
  });
});
