import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IdleTimer } from "../src/idle-timer";
import { FakeClock } from "./doubles/fake-clock";

let clock: FakeClock;
let inUse: boolean;
let idleAt: number[];
let timer: IdleTimer;

beforeEach(() => {
  clock = new FakeClock();
  inUse = false;
  idleAt = [];
  timer = new IdleTimer(clock, () => inUse, () => idleAt.push(clock.now()));
  timer.used();
  timer.start(1_000);
});

test("calls once when the time has passed", () => {
  clock.pass(10_000);
  assert.deepEqual(idleAt, [1_000]);
});

test("counts from the last use", () => {
  clock.pass(600);
  timer.used();
  clock.pass(10_000);
  assert.deepEqual(idleAt, [1_600]);
});

test("lasting use keeps it off", () => {
  inUse = true;
  clock.pass(3_000);
  inUse = false;
  clock.pass(10_000);
  assert.deepEqual(idleAt, [4_000]);
});

test("does not call when stopped", () => {
  timer.stop();
  clock.pass(10_000);
  assert.deepEqual(idleAt, []);
});
