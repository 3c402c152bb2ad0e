import assert from "node:assert/strict";
import { test } from "node:test";
import type { FeedbackFrame } from "../../src/protocol/frames";
import type { Rating } from "../../src/state";
import { FeedbackQueue } from "../../src/thread/feedback-queue";

const said = (rating: Rating | null, run = "run"): FeedbackFrame => ({
  type: "feedback",
  run,
  message: `${run}-message`,
  rating,
  comment: "",
});

test("what was said is told once, until it is taken", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), null);
  assert.deepEqual(queue.take(), [said("up")]);
  assert.deepEqual(queue.take(), []);
  assert.equal(queue.isEmpty, false);
  queue.taken("run");
  assert.equal(queue.isEmpty, true);
});

test("a new connection is told again", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), null);
  queue.take();
  queue.reconnected();
  assert.deepEqual(queue.take(), [said("up")]);
});

test("of one answer the latest is told, after the one before was heard", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), null);
  queue.take();
  queue.put(said("down"), "up");
  queue.put(said(null), "down");
  queue.put(said("up", "other"), null);
  assert.deepEqual(queue.take(), [said("up", "other")]);
  queue.taken("run");
  assert.deepEqual(queue.take(), [said(null)]);
  assert.equal(queue.refused("run"), "up", "what was taken before is what the server believes");
});

test("what is refused is what was told before; unless something newer is to be told", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), "down");
  queue.put(said(null), "up");
  queue.take();
  queue.put(said("up"), null);
  assert.equal(queue.refused("run"), undefined);
  assert.deepEqual(queue.take(), [said("up")]);
  assert.equal(queue.refused("run"), "down");
  assert.equal(queue.refused("run"), undefined);
  assert.equal(queue.isEmpty, true);
});

test("an answer to what this connection was not told says nothing", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), null);
  queue.taken("run");
  queue.taken("unknown");
  assert.deepEqual(queue.take(), [said("up")]);
});

test("the history is brought a few times, for what was told", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), null);
  assert.equal(queue.needsHistory("run"), null);
  queue.take();
  assert.deepEqual([queue.needsHistory("run"), queue.needsHistory("run")], [said("up"), said("up")]);
  assert.equal(queue.needsHistory("run"), null);
});

test("it survives as it is, with nothing told", () => {
  const queue = new FeedbackQueue();
  queue.put(said("up"), "down");
  queue.take();
  const restored = new FeedbackQueue();
  restored.put(said("down", "stale"), null);
  restored.load(queue.save());
  assert.deepEqual(restored.take(), [said("up")]);
  assert.equal(restored.refused("run"), "down");
});
