import assert from "node:assert/strict";
import { test } from "node:test";
import { historyFrames } from "../../src/thread/history";

const messages = [
  { id: "u1", parent: null, role: "user", content: 'Grüße 👋👋👋 "quoted"\n' },
  { id: "a1", parent: "u1", role: "assistant", content: "世界 👩‍👩‍👧 \u2028" },
] as const;

test("the pieces join to the messages, however small, and none cuts a pair", () => {
  for (let units = 2; units < 200; units++) {
    const frames = historyFrames("run", messages, units);
    assert.deepEqual(JSON.parse(frames.map(({ text }) => text).join("")), messages);
    for (const [index, { text, ...frame }] of frames.entries()) {
      assert.deepEqual(frame, { type: "history", run: "run", index, count: frames.length });
      assert.ok(text.length <= units);
      assert.doesNotMatch(text, /\p{Surrogate}/u);
    }
  }
});

test("no messages are one empty list", () => {
  assert.deepEqual(historyFrames("run", []), [{ type: "history", run: "run", index: 0, count: 1, text: "[]" }]);
});

test("a piece stays below the frame limit of 64 KiB, whatever it holds", () => {
  for (const content of ["世".repeat(50_000), '"\\'.repeat(50_000), "\u0001".repeat(50_000), "👋".repeat(50_000)]) {
    for (const frame of historyFrames("run", [{ id: "u1", parent: null, role: "user", content }])) {
      assert.ok(new TextEncoder().encode(JSON.stringify([frame])).length <= 64 * 1024);
    }
  }
});
