import assert from "node:assert/strict";
import { test } from "node:test";
import { dayGroups } from "../../src/history/day-groups";

const at = (...date: [number, number, number, number, number]): number => new Date(...date).getTime();
const NOW = at(2026, 10, 27, 9, 30);
const spans = (...times: number[]) =>
  dayGroups(
    times.map((updated, index) => ({ id: String(index), title: "", updated })),
    NOW,
  ).map(({ span, threads }) => `${span} ${threads.map(({ id }) => id).join("")}`);

test("days are those of the calendar, not spans of 24 hours", () => {
  const edges = [at(2026, 10, 27, 0, 0), at(2026, 10, 26, 23, 59), at(2026, 10, 26, 0, 0), at(2026, 10, 25, 23, 59)];
  assert.deepEqual(spans(...edges), ["today 0", "yesterday 12", "week 3"]);
});

test("a week goes back to the same day, and what is before is older", () => {
  assert.deepEqual(spans(at(2026, 10, 20, 0, 0), at(2026, 10, 19, 23, 59)), ["week 0", "older 1"]);
});

test("what a clock that goes wrong has dated into the future is of today", () => {
  assert.deepEqual(spans(at(2027, 0, 1, 0, 0)), ["today 0"]);
});

test("groups of nothing are none", () => {
  assert.deepEqual(spans(), []);
});
