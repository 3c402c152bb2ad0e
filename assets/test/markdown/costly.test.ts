import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { hiddenHost } from "../../src/markdown/link-text.js";
import { closeInline, withoutUndecidedLine } from "../../src/markdown/provisional.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { createWidgets } from "../doubles/widgets.js";
import { OneShot } from "./one-shot.js";
import { policy } from "./policy.js";

/**
 * Texts that an answer may consist of and that once took from ten seconds to for ever, where now they take a fraction of
 * a second: nothing but the runner's patience is measured.
 */
const CHARACTERS = 100_000;
const repeated = (piece: string): string => piece.repeat(CHARACTERS / piece.length);
const COSTLY: Readonly<Record<string, string>> = {
  "words with dots": repeated("a."),
  "words with underscores": repeated("a_b_"),
  "e-mail addresses without a domain": repeated("a@"),
  "one address and its marks": `www.a.example/${repeated("!")}x`,
  "one address and its parentheses": `www.a.example/${repeated(")")}`,
  "one address and its entities": `www.a.example/${repeated("&amp;")}`,
  "formulas without an end": repeated("\\("),
  "formulas of several lines without an end": repeated("\\[a\n"),
  "spaces before a word": `${repeated(" ")}a`,
  "bullets in a line": `${"-  ".repeat(100)}a`,
  "bullets in a line below code": `\`\`\`\n\`\`\`\n${"-  ".repeat(100)}a`,
  "emphasis in emphasis": `${"**a ".repeat(3_000)}x${" b**".repeat(3_000)}`,
  "links in links": repeated("[") + repeated("](a)"),
};

const { window } = new JSDOM();
const oneShot = new OneShot(new Sanitizer(window, policy), createWidgets(window));

describe("costly texts", () => {
  for (const [name, text] of Object.entries(COSTLY)) {
    it(`are rendered: ${name}`, () => assert.ok(oneShot.html(text, true).length > 100));
    it(`are completed: ${name}`, () => assert.ok(closeInline(withoutUndecidedLine(text)).length <= text.length));
    it(`name no host: ${name}`, () => assert.equal(hiddenHost(text, "https://a.example"), text.length > 1_000 ? "a.example" : null));
  }
});

describe("e-mail addresses", () => {
  const linked = (text: string): string[] =>
    [...oneShot.html(text, true).matchAll(/href="mailto:([^"]*)"/g)].map(([, address]) => address!);

  it("are found wherever they are", () => {
    assert.deepEqual(linked("(a@b.example) x.y+z@c-d.example, e_f@g.example;h@i.example"), [
      "a@b.example",
      "x.y+z@c-d.example",
      "e_f@g.example",
      "h@i.example",
    ]);
  });

  it("share no character", () => {
    assert.deepEqual(linked("a@b.example@c.example"), ["a@b.example"]);
    assert.deepEqual(linked("@a.example a@b a@@b.example a@b.c- d@e.example"), ["d@e.example"]);
  });
});
