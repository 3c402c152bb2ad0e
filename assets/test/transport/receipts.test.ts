import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientFrame } from "../../src/protocol/frames";
import { Receipts } from "../../src/transport/receipts";

const PING: ClientFrame = { type: "ping" };
const cancel = (run: string): ClientFrame => ({ type: "cancel", run });

test("a pong stands for what was sent before its own ping", () => {
  const receipts = new Receipts();
  [PING, cancel("one"), cancel("two"), PING, cancel("three"), PING, cancel("four")].forEach((frame) =>
    receipts.sent(frame),
  );
  assert.deepEqual(receipts.pong(), []);
  assert.deepEqual(receipts.pong(), [cancel("one"), cancel("two")]);
  assert.deepEqual(receipts.pong(), [cancel("three")]);
});

test("one that nobody has asked for stands for nothing", () => {
  const receipts = new Receipts();
  receipts.sent(cancel("one"));
  assert.deepEqual(receipts.pong(), []);
  receipts.sent(PING);
  assert.deepEqual(receipts.pong(), [cancel("one")]);
});
