import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Stall } from "../src/stall";
import { FakeClock } from "./doubles/fake-clock";

let clock: FakeClock;
let begun: number;
let stall: Stall;

beforeEach(() => {
  clock = new FakeClock();
  begun = 0;
  stall = new Stall(clock, () => (begun += 1));
});

test("a short break is none", () => {
  for (let round = 0; round < 3; round++) {
    stall.update(true);
    clock.pass(999);
    stall.update(false);
    clock.pass(10);
  }
  assert.equal(begun, 0);
  assert.equal(clock.pending, 0);
});

test("a long one is told of once, whatever happens in it", () => {
  stall.update(true);
  clock.pass(600);
  stall.update(true);
  assert.equal(stall.lasts, false);
  clock.pass(400);
  assert.equal(stall.lasts, true);
  stall.update(true);
  clock.pass(60_000);
  assert.equal(begun, 1);
  stall.update(false);
  assert.equal(stall.lasts, false);
});
