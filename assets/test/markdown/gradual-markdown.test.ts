import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { GradualMarkdown } from "../../src/markdown/gradual-markdown.js";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { createWidgets } from "../doubles/widgets.js";
import { wellFormed } from "../../src/well-formed.js";
import { policy } from "./policy.js";

describe("GradualMarkdown", () => {
  const { window } = new JSDOM();
  const renderer = new MarkdownRenderer({
    sanitizer: new Sanitizer(window, policy),
    policy,
    widgets: createWidgets(window),
    id: "x",
  });

  function shown(text: string): { readonly pieces: string[]; readonly html: string } {
    const container = window.document.createElement("div");
    const gradual = new GradualMarkdown(container, renderer);
    gradual.update(text, true);
    const pieces = [container.textContent];
    while (gradual.isBehind) {
      gradual.advance();
      pieces.push(container.textContent);
    }
    return { pieces, html: container.innerHTML };
  }

  function whole(text: string): string {
    const container = window.document.createElement("div");
    new MarkdownView(container, renderer).update(text, true);
    return container.innerHTML;
  }

  it("shows little at once", () => {
    const { pieces, html } = shown("short");
    assert.deepEqual(pieces, ["short\n"]);
    assert.equal(html, whole("short"));
  });

  it("comes to the same as the whole text", () => {
    const text = "# Title\n\n- **one**\n- two\n\n```js\nlet a;\n```\n\nSee [a].\n\n".repeat(60) + "[a]: https://a.example\n";
    const { pieces, html } = shown(text);
    assert.ok(pieces.length > 2);
    assert.equal(html, whole(text));
  });

  it("ends pieces at the ends of lines", () => {
    const { pieces } = shown(`${"word ".repeat(99).trim()}\n\n`.repeat(10));
    assert.ok(pieces.length > 2);
    assert.ok(pieces.every((piece) => piece.trim().split("\n").every((line) => line.length === 494)));
  });

  it("cuts an endless line, but never a character", () => {
    for (const text of ["😀".repeat(5_000), `x${"😀".repeat(5_000)}`]) {
      const { pieces } = shown(text);
      assert.ok(pieces.length > 2);
      assert.ok(pieces.every((piece) => wellFormed(piece) === piece));
      assert.equal(pieces.at(-1)!.trim(), text);
    }
  });

  it("goes on with a text that grows, and takes one that is another", () => {
    const container = window.document.createElement("div");
    const gradual = new GradualMarkdown(container, renderer);
    gradual.update("One", false);
    gradual.update("One two", false);
    assert.equal(container.textContent.trim(), "One two");
    gradual.update("Other", true);
    assert.equal(container.innerHTML, whole("Other"));
  });
});
