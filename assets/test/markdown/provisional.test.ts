import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { closeInline, withoutUndecidedLine } from "../../src/markdown/provisional.js";

describe("closeInline", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["plain", "plain"],
    ["**bol", "**bol**"],
    ["**bold ", "**bold**"],
    ["**bold*", "**bold**"],
    ["**bold** and", "**bold** and"],
    ["a **", "a"],
    ["2 ** 3", "2 ** 3"],
    ["**2*3", "**2*3**"],
    ["**a (*b", "**a (*b***"],
    ["a_b **c_d", "a_b **c_d**"],
    ["a \"_b", "a \"_b_"],
    ["*é 😀**b", "*é 😀**b***"],
    ["[x] ![", ""],
    ["[x] **a", "[x] **a**"],
    ["run `npm i", "run `npm i`"],
    ["run `", "run"],
    ["`a ** b", "`a ** b`"],
    ["``a ` b", "``a ` b``"],
    ["**a `b", "**a `b`**"],
    ["~~gone", "~~gone~~"],
    ["~~gone~", "~~gone~~"],
    ["so $x_1$ and", "so $x_1$ and"],
    ["**so \\(a_b * c\\)", "**so \\(a_b * c\\)**"],
    ["\\**not", "\\**not*"],
    ["see [docs](https://d.ex", "see docs"],
    ["see ![chart](", "see"],
    ["**see [docs](https://d.ex", "**see docs**"],
    ["`[docs](https://d.ex", "`[docs](https://d.ex`"],
  ];
  for (const [content, expected] of cases) {
    it(`shows ${JSON.stringify(content)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(closeInline(content), expected);
    });
  }
});

describe("A text of nothing but marks", () => {
  for (const mark of ["<", "<b", "[", "![", "`", "**a ", "*a **b ", "$a ", "\\(", "[a][", "&", "~~a _"]) {
    it(`is no trouble: ${JSON.stringify(mark)}`, () => {
      assert.ok(closeInline(mark.repeat(10_000)).length <= mark.length * 10_000 * 2);
    });
  }
});

describe("withoutUndecidedLine", () => {
  for (const line of ["-", "---", "  ==", "- "]) {
    it(`leaves out ${JSON.stringify(line)} below a paragraph`, () => {
      assert.equal(withoutUndecidedLine(`Here:\n${line}`), "Here:\n");
    });
  }
  for (const text of ["Here:\n- a", "Here:\n---\n", "Here: -", "```\n- ", "1. a"]) {
    it(`leaves ${JSON.stringify(text)} alone`, () => {
      assert.equal(withoutUndecidedLine(text), text);
    });
  }
});
