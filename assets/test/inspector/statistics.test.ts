import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Statistics } from "../../src/inspector/bundle/statistics.js";
import type { Sighting } from "../../src/inspector/frame-tap.js";

describe("Statistics", () => {
  let statistics: Statistics;
  let number: number;

  function see(direction: Sighting["direction"], what: Sighting["what"], nowMs = 0): void {
    number += 1;
    statistics.see({ number, nowMs, dateMs: 0, transport: "websocket", direction, what });
  }

  beforeEach(() => {
    statistics = new Statistics();
    number = 0;
  });

  it("knows nothing at first", () => {
    assert.deepEqual([statistics.runs, statistics.transport, statistics.roundTripMs], [[], null, null]);
  });

  it("counts a run's frames and characters", () => {
    see("out", { type: "send", run: "one", parent: null, text: "Hi" });
    assert.equal(statistics.runs[0]!.status, "submitted");
    see("in", { type: "part-start", run: "one", id: "1-1", part: 0, kind: "text" });
    see("in", { type: "text-delta", run: "one", id: "1-2", part: 0, d: "It is " });
    see("in", { type: "text-splice", run: "one", id: "1-3", part: 0, at: 0, remove: 0, d: "so" });
    const run = { run: "one", status: "streaming", lastId: "1-3", frames: 3, characters: 8 };
    assert.deepEqual(statistics.runs, [run]);
    see("in", { type: "finish", run: "one", id: "1-4", message: null });
    assert.deepEqual(statistics.runs, [{ ...run, status: "done", lastId: "1-4", frames: 4 }]);
  });

  it("counts what a snapshot brings", () => {
    see("in", { type: "snapshot", run: "one", id: "1-9", parts: [{ kind: "text", text: "It is so", ended: false }] });
    assert.deepEqual(statistics.runs, [{ run: "one", status: "streaming", lastId: "1-9", frames: 1, characters: 8 }]);
  });

  it("has the latest run first, and keeps twenty", () => {
    for (let count = 1; count <= 25; count += 1) {
      see("out", { type: "send", run: `run ${count}`, parent: null, text: "Hi" });
    }
    assert.equal(statistics.runs.length, 20);
    assert.equal(statistics.runs[0]!.run, "run 25");
  });

  it("measures the last ping that was answered", () => {
    see("out", { type: "ping" }, 10);
    see("in", { type: "pong" }, 14);
    assert.equal(statistics.roundTripMs, 4);
    see("in", { type: "pong" }, 20);
    assert.equal(statistics.roundTripMs, 4, "a pong that nobody has asked for is none");
  });

  it("does not take a later connection's pong for the answer to an earlier one's ping", () => {
    see("out", { type: "ping" }, 10);
    see("none", { type: "opening" }, 20);
    see("in", { type: "pong" }, 30);
    assert.equal(statistics.roundTripMs, null);
  });

  it("does not take the server's question for an answer", () => {
    see("in", { type: "ping" }, 10);
    see("out", { type: "pong" }, 11);
    assert.equal(statistics.roundTripMs, null);
  });

  it("forgets runs when it is cleared", () => {
    see("out", { type: "send", run: "one", parent: null, text: "Hi" });
    statistics.clear();
    assert.deepEqual(statistics.runs, []);
  });
});
