import assert from "node:assert/strict";
import { test } from "node:test";
import { Timers } from "../src/timers";
import { FakeClock } from "./doubles/fake-clock";

test("each calls once, until all are cancelled", () => {
  const clock = new FakeClock();
  const timers = new Timers(clock);
  const log: string[] = [];
  timers.after(1_000, () => log.push("one"));
  timers.after(2_000, () => log.push("two"));
  clock.pass(1_000);
  timers.cancelAll();
  clock.pass(60_000);
  assert.deepEqual([log, clock.pending], [["one"], 0]);
  timers.after(1_000, () => log.push("three"));
  clock.pass(1_000);
  assert.deepEqual(log, ["one", "three"]);
});
