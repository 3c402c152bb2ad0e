import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kindOf } from "../../../src/code/bundle/kinds.js";

describe("kindOf", () => {
  const cases: readonly (readonly [string | null, string])[] = [
    [null, ""],
    ["", ""],
    ["variable", ""],
    ["keyword", "keyword"],
    ["string.special", "string"],
    ["variableName.function", "definition"],
    ["variableName.special", ""],
    ["tag bracket", "tag"],
    ["bracket tag", "tag"],
    ["toString", ""],
  ];
  for (const [style, kind] of cases) {
    it(`shows ${JSON.stringify(style)} as ${JSON.stringify(kind)}`, () => {
      assert.equal(kindOf(style), kind);
    });
  }
});
