import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Attempt } from "../src/attempt";

let attempt: Attempt;

beforeEach(() => {
  attempt = new Attempt(5_000);
});

test("without a welcome it was of no use", () => {
  attempt.opened = true;
  attempt.bearFruit();
  assert.equal(attempt.welcomed, false);
  assert.equal(attempt.wasOfUse(600_000), false);
});

test("a greeting alone is not enough, unless it lasts", () => {
  attempt.welcome(10_000);
  attempt.welcome(12_000);
  assert.equal(attempt.welcomed, true);
  assert.equal(attempt.wasOfUse(12_999), false);
  assert.equal(attempt.wasOfUse(13_000), true);
});

test("whatever it has brought makes up for a short life", () => {
  attempt.welcome(10_000);
  attempt.bearFruit();
  assert.equal(attempt.wasOfUse(10_000), true);
});

test("one that says nothing for two seconds hangs", () => {
  assert.equal(attempt.isHung(7_000), false);
  assert.equal(attempt.isHung(7_001), true);
  attempt.heard = true;
  assert.equal(attempt.isHung(7_001), false);
});
