import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { plainText } from "../../src/markdown/plain-text.js";

describe("plainText", () => {
  it("has formulas as their source, and leaves the page alone", () => {
    const { document } = new JSDOM(
      '<p>so <span class="chat-math" data-chat-source="x"><i>x</i>x</span></p>\n' +
        '<div class="chat-math chat-math-display" data-chat-source="y"><i>y</i>y</div>',
    ).window;
    const before = document.body.innerHTML;
    assert.equal(plainText(document.body), "so $x$\n$$y$$");
    assert.equal(document.body.innerHTML, before);
  });
});
