import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findFormula, withoutOpenFormula } from "../../src/math/formula-syntax.js";

describe("findFormula", () => {
  const formulas: readonly (readonly [text: string, source: string, isDisplay: boolean])[] = [
    ["$x$", "x", false],
    ["$x$, and", "x", false],
    ["$\\$5 + x$", "\\$5 + x", false],
    ["$2x + 1$", "2x + 1", false],
    ["$$x$$", "x", true],
    ["$$ x\n+ 1 $$", "x\n+ 1", true],
    ["\\(x\\)", "x", false],
    ["\\( x \\)", "x", false],
    ["\\[x\\]", "x", true],
    ["\\[x \\\\[2pt] y\\]", "x \\\\[2pt] y", true],
  ];
  for (const [text, source, isDisplay] of formulas) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const formula = findFormula(text, 0);
      assert.equal(formula?.source, source);
      assert.equal(formula.isDisplay, isDisplay);
      assert.match(text.slice(0, formula.end), /(?:\$|\\\)|\\\])$/);
    });
  }

  for (const text of ["$5 and $6", "$ x$", "$x $", "$5$6", "$x", "$$x$", "\\(x", "\\[\\]", "\\(\\)", "$$$$", "x"]) {
    it(`finds none in ${JSON.stringify(text)}`, () => {
      assert.equal(findFormula(text, 0), null);
    });
  }

  it("takes no dollar sign of a currency for an opening mark", () => {
    assert.equal(findFormula("US$5 or A$", 2), null);
  });

  it("does not look further than a formula is long", () => {
    assert.equal(findFormula(`$x${"+x".repeat(2_000)}$`, 0), null);
  });
});

describe("withoutOpenFormula", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["so $x", "so "],
    ["so $", "so "],
    ["so \\", "so "],
    ["so \\(x + ", "so "],
    ["so \\[x", "so "],
    ["so $$x$", "so "],
    ["so $x$ and $\\frac{a}{", "so $x$ and "],
    ["so $x$ and", "so $x$ and"],
    ["so $5", "so $5"],
    ["so $HOME is a variable", "so $HOME is a variable"],
    ["so $\\text{if it is", "so "],
    ["so `$x` is", "so `$x` is"],
    ["so `$x", "so `$x"],
    ["so \\$x", "so \\$x"],
    ["so \\\\", "so \\\\"],
  ];
  for (const [content, expected] of cases) {
    it(`shows ${JSON.stringify(content)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(withoutOpenFormula(content), expected);
    });
  }
});
