import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Liveness } from "../src/liveness";
import { FakeClock } from "./doubles/fake-clock";
import { FakeTransport } from "./doubles/fake-transport";
import { Recorder } from "./doubles/recorder";

const HEARTBEAT_MS = 15_000;

let clock: FakeClock;
let transport: FakeTransport;
let liveness: Liveness;
let diedAt: number[];

beforeEach(() => {
  clock = new FakeClock();
  const chat = new Recorder();
  transport = new FakeTransport("websocket", chat, chat);
  transport.accept();
  diedAt = [];
  liveness = new Liveness(clock, () => diedAt.push(clock.now()));
  liveness.watch(transport, HEARTBEAT_MS);
});

describe("heartbeat", () => {
  test("takes its own pings, which leave for the system's buffers, for no upload", () => {
    for (let beat = 1; beat <= 3; beat += 1) {
      transport.unsentBytes = 18;
      clock.pass(HEARTBEAT_MS);
      transport.unsentBytes = 0;
    }
    assert.equal(diedAt.length, 1);
  });

  test("pings each time, and dies of two without a word", () => {
    clock.pass(HEARTBEAT_MS);
    assert.deepEqual(transport.sent, [{ type: "ping" }]);
    clock.pass(100);
    liveness.heard();
    clock.pass(600_000);
    assert.deepEqual(diedAt, [HEARTBEAT_MS + 100 + 2 * HEARTBEAT_MS]);
    assert.equal(clock.pending, 0);
  });

  test("lives on comments that come as often as pings", () => {
    clock.pass(HEARTBEAT_MS - 10);
    for (let comment = 0; comment < 10; comment++) {
      liveness.heard();
      clock.pass(HEARTBEAT_MS + 5);
    }
    assert.deepEqual(diedAt, []);
  });

  test("goes on when only messages, and no timers, come to the page", () => {
    clock.sleep(HEARTBEAT_MS - 1);
    liveness.heard();
    assert.equal(transport.sent.length, 0);
    clock.sleep(1);
    liveness.heard();
    assert.equal(transport.sent.length, 1);
  });

  test("means nothing to a transport at rest", () => {
    transport.listening = false;
    clock.pass(600_000);
    assert.deepEqual([transport.sent, diedAt], [[], []]);
  });
});

describe("a probe", () => {
  test("asks, and waits three seconds", () => {
    liveness.probe();
    assert.equal(transport.probes, 1);
    clock.pass(2_999);
    assert.deepEqual(diedAt, []);
    clock.pass(1);
    assert.deepEqual(diedAt, [3_000]);
  });

  test("is answered by anything", () => {
    liveness.probe();
    clock.pass(2_999);
    liveness.heard();
    clock.pass(HEARTBEAT_MS);
    assert.deepEqual(diedAt, []);
  });

  test("is not put off by another one", () => {
    liveness.probe();
    clock.pass(2_000);
    liveness.probe();
    liveness.expect(5_000);
    clock.pass(1_000);
    assert.deepEqual(diedAt, [3_000]);
  });

  test("can't be asked of a transport at rest", () => {
    transport.listening = false;
    liveness.probe();
    clock.pass(60_000);
    assert.deepEqual([transport.probes, diedAt], [0, []]);
  });

  test("of a transport that is not watched any more comes to nothing", () => {
    liveness.probe();
    liveness.stop();
    clock.pass(60_000);
    assert.deepEqual(diedAt, []);
    assert.equal(clock.pending, 0);
  });
});

describe("an upload", () => {
  test("is given its time while it gets less, then the answer its own", () => {
    transport.unsentBytes = 40_000;
    liveness.expect(5_000);
    for (const unsentBytes of [30_000, 15_000, 0]) {
      clock.pass(4_999);
      transport.unsentBytes = unsentBytes;
      clock.pass(1);
      assert.deepEqual(diedAt, []);
    }
    clock.pass(5_000);
    assert.deepEqual(diedAt, [20_000]);
  });

  test("that stands still is a loss, also when more is added to it", () => {
    transport.unsentBytes = 40_000;
    liveness.expect(5_000);
    transport.unsentBytes += 15;
    liveness.expect(5_000);
    clock.pass(5_000);
    assert.deepEqual(diedAt, [5_000]);
  });
});

describe("a page that has slept", () => {
  test("asks again before it takes silence for death", () => {
    liveness.probe();
    clock.sleep(3_600_000);
    clock.pass(0);
    assert.deepEqual(diedAt, []);
    assert.equal(transport.probes, 2);
    clock.pass(3_000);
    assert.equal(diedAt.length, 1);
  });

  test("finds its connection alive", () => {
    clock.pass(HEARTBEAT_MS);
    clock.sleep(3_600_000);
    clock.pass(0);
    liveness.heard();
    clock.pass(HEARTBEAT_MS);
    assert.deepEqual(diedAt, []);
  });

  test("does not ask for ever: timers that are always late are those of a hidden page", () => {
    liveness.probe();
    clock.sleep(60_000);
    clock.pass(0);
    clock.sleep(60_000);
    clock.pass(0);
    assert.equal(diedAt.length, 1);
  });
});
