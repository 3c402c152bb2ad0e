import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Outage } from "../src/outage";
import { FakeClock } from "./doubles/fake-clock";

let clock: FakeClock;
let jitter: number;
let outage: Outage;

beforeEach(() => {
  clock = new FakeClock();
  jitter = 1;
  outage = new Outage(clock, () => jitter);
  clock.pass(5_000);
  outage.begin();
});

/** The wait before another attempt when the outage has lasted so long. */
function waitAfter(durationMs: number): number {
  outage.begin();
  outage.attempt();
  clock.pass(durationMs);
  return outage.delayMs;
}

test("the first attempt is made at once", () => {
  assert.equal(outage.delayMs, 0);
  clock.pass(60_000);
  assert.equal(outage.delayMs, 0);
});

test("the others wait longer and longer, to a limit", () => {
  const durations = [0, 800, 1_000, 10_000, 30_000, 600_000];
  assert.deepEqual(durations.map(waitAfter), [400, 400, 500, 5_000, 15_000, 15_000]);
});

test("anywhere up to that", () => {
  jitter = 0.25;
  assert.equal(waitAfter(10_000), 1_250);
  jitter = 0;
  assert.equal(waitAfter(10_000), 0);
});

test("an attempt tells how long it has lasted, unless it is the first", () => {
  assert.equal(outage.attempt(), null);
  clock.pass(700);
  assert.equal(outage.attempt(), 700);
});

test("the server's wish comes first, until it is fulfilled", () => {
  assert.equal(outage.stayAway(2_000, 1_000), 3_000);
  assert.equal(outage.mayHurry, false);
  clock.pass(1_000);
  outage.begin();
  assert.equal(outage.delayMs, 2_000);
  outage.attempt();
  assert.equal(outage.mayHurry, true);
});

test("a wish for no time at all does not make attempts hurry", () => {
  outage.attempt();
  outage.stayAway(0, 0);
  assert.equal(outage.delayMs, 400);
});

test("another way does not have to wait", () => {
  outage.attempt();
  outage.stayAway(2_000, 0);
  outage.beginAnew();
  assert.equal(outage.delayMs, 0);
});
