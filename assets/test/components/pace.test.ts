import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Pace } from "../../src/components/pace.js";
import { FakeClock } from "../doubles/fake-clock.js";

let clock: FakeClock;
let done: number[];
let can: boolean;
let costMs: number;
let pace: Pace;

beforeEach(() => {
  clock = new FakeClock();
  done = [];
  can = true;
  costMs = 0;
  pace = new Pace(clock, () => {
    done.push(clock.now());
    clock.sleep(costMs);
    return can;
  });
});

test("what is asked for is done soon, and once", () => {
  pace.request();
  pace.request();
  assert.deepEqual(done, [], "not while the caller is at work");
  clock.pass(1);
  assert.deepEqual(done, [0]);
  clock.pass(1_000);
  assert.deepEqual(done, [0]);
  assert.equal(clock.pending, 0);
});

test("it is done at most once for each frame of the screen", () => {
  for (let ms = 0; ms < 160; ms += 1) {
    pace.request();
    clock.pass(1);
  }
  clock.pass(100);
  assert.ok(done.length <= 11 && done.length >= 9, `${done.length} times`);
  assert.ok(done.every((at, index) => index === 0 || at - done[index - 1]! >= 16));
});

test("what takes long leaves the page four times as long for itself", () => {
  costMs = 100;
  for (let ms = 0; ms < 3_000; ms += 10) {
    pace.request();
    clock.pass(10);
  }
  assert.ok(done.every((at, index) => index === 0 || at - done[index - 1]! >= 500), done.join());
});

test("the last that is asked for is always done", () => {
  pace.request();
  clock.pass(0);
  pace.request();
  clock.pass(1_000);
  assert.equal(done.length, 2);
});

test("what could not be done is tried again, whether it is asked for or not", () => {
  can = false;
  pace.request();
  clock.pass(500);
  const tried = done.length;
  assert.ok(tried >= 5 && tried <= 11, `${tried} times`);
  can = true;
  clock.pass(1_000);
  assert.ok(done.length - tried <= 2);
  assert.equal(clock.pending, 0);
});

test("when it is stopped nothing is done any more", () => {
  pace.request();
  pace.stop();
  pace.request();
  clock.pass(1_000);
  assert.deepEqual(done, []);
  assert.equal(clock.pending, 0);
});

test("it may be stopped by what it does", () => {
  for (const outcome of [true, false]) {
    let calls = 0;
    const stopped: Pace = new Pace(clock, () => {
      calls += 1;
      stopped.stop();
      return outcome;
    });
    stopped.request();
    clock.pass(1_000);
    assert.equal(calls, 1);
    assert.equal(clock.pending, 0);
  }
});

test("what a later frame takes counts too", () => {
  pace.request();
  clock.pass(0);
  assert.deepEqual(done, [0]);
  // The page draws, and its timers have to wait.
  clock.sleep(100);
  clock.pass(0);
  pace.request();
  clock.pass(300);
  assert.deepEqual(done, [0]);
  clock.pass(200);
  assert.equal(done.length, 2);
});
