import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFrameId, parseFrameId } from "../../src/protocol/frame-id";

test("an id is epoch and seq", () => {
  const id = parseFrameId("1795372800000-7");
  assert.deepEqual(id, { epoch: 1795372800000, seq: 7 });
  assert.equal(id && formatFrameId(id), "1795372800000-7");
});

test("anything else is none", () => {
  for (const text of ["", "7", "1-0", "1-01", "-1-1", "1-1-1", "1-1 ", "a-1", `1-${"9".repeat(16)}`]) {
    assert.equal(parseFrameId(text), null, text);
  }
});
