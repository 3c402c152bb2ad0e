import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "../src/backoff";

test("at once, then up to longer and longer, to a limit", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 100].map((retries) => backoffMs(retries, 1)), [
    0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
  ]);
});

test("anywhere up to that", () => {
  assert.equal(backoffMs(3, 0), 0);
  assert.equal(backoffMs(3, 0.5), 1_000);
});
