import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { createEnv, createParser } from "../../src/markdown/parser.js";
import { emptyNotes } from "../../src/markdown/syntax/footnotes.js";
import { cellMarkdown } from "../../src/tables/cell-markdown.js";
import { policy } from "../markdown/policy.js";

const { document } = new JSDOM().window;
const parser = createParser(policy);

function cell(markdown: string): Element {
  const holder = document.createElement("div");
  const text = `| a |\n|---|\n| ${markdown} |\n\n[^n]: note\n`;
  holder.innerHTML = parser.render(text, createEnv(false, emptyNotes("n-")));
  return holder.querySelector("td")!;
}

describe("The Markdown of a cell", () => {
  const same = [
    "plain, a_b & c: 5 * 6 = 30 < 31!",
    "**bold** and *it* and ~~gone~~",
    "**bold *both* bold** **_both_** ***both*** *a*_b_",
    "`a` ``b`c`` `` `d ``",
    "`a \\| b` and c \\| d",
    '[docs](https://a.example/b_c?d=e "a \\"title\\"") [**page**](/sales)',
    "[a](<https://a.example/b(c)>)",
    "<https://a.example/b> <c@a.example>",
    '![chart](https://images.example/c.png "t")',
    "one<br>two",
    "$x^2$ $$y_1$$ $\\lvert z\\rvert$",
    "from $5 to $6",
    "12[^n]",
    "[a] [b]: (c)",
    "größe 😀 数据",
  ];
  for (const markdown of same) {
    it(`is ${JSON.stringify(markdown)} as it was written`, () => {
      assert.equal(cellMarkdown(cell(markdown)).replaceAll("[^1]", "[^n]"), markdown);
    });
  }

  for (const markdown of [
    "\\*a\\* \\_b\\_ \\`c\\` \\~~d\\~~ \\<br> \\\\",
    "\\[a](b) [\\^n] \\[a][b]",
    "\\$a$ \\\\(b\\\\)",
    "&amp;lt; &#91;a](b)",
    "__a__ *_b_* ``c``",
    "https://a.example/?b=c www.a.example d@a.example",
    "[x](javascript:alert) ![y](https://elsewhere.example/y.png)",
  ]) {
    it(`reads like ${JSON.stringify(markdown)}`, () => {
      const before = cell(markdown);
      assert.equal(cell(cellMarkdown(before)).innerHTML, before.innerHTML);
    });
  }
});
