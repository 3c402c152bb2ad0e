import assert from "node:assert/strict";
import { test } from "node:test";
import { codePoints, wellFormed } from "../src/well-formed";

test("lone surrogates are replaced, pairs are not", () => {
  assert.equal(wellFormed("a\ud83d b\udc4b 👋 \udc4b\ud83d"), "a\ufffd b\ufffd 👋 \ufffd\ufffd");
});

test("a pair counts once", () => assert.equal(codePoints("a👋ü"), 3));
