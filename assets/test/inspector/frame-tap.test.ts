import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { FrameTap, type Sighting } from "../../src/inspector/frame-tap.js";
import type { Session, Transport, TransportEvents, TransportKind } from "../../src/transport/types.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { FakeTransport } from "../doubles/fake-transport.js";

const session: Session = {
  hello: () => ({ type: "hello", v: 1, chat: "chat", resume: [] }),
  expecting: () => true,
};

function said(sightings: readonly Sighting[]): string[] {
  return sightings.map(({ direction, what }) => `${direction} ${what.type}`);
}

describe("FrameTap", () => {
  let clock: FakeClock;
  let tap: FrameTap;
  let heard: string[];
  let fake: FakeTransport;
  let transport: Transport;

  function connect(kind: TransportKind = "websocket"): void {
    const events: TransportEvents = {
      opened: () => heard.push("opened"),
      received: (frames) => heard.push(...frames.map(({ type }) => type)),
      delivered: (frames) => heard.push(...frames.map(({ type }) => `delivered ${type}`)),
      heard: () => heard.push("heard"),
      closed: () => heard.push("closed"),
    };
    transport = tap.watch((...parts) => (fake = new FakeTransport(...parts)))(kind, session, events);
  }

  beforeEach(() => {
    clock = new FakeClock();
    tap = new FrameTap(clock);
    heard = [];
    connect();
  });

  it("sees a connection from its beginning to its end", () => {
    transport.open();
    fake.welcome();
    transport.send([{ type: "ping" }]);
    transport.close();
    assert.deepEqual(said(tap.sightings), [
      "none opening",
      "out hello",
      "none opened",
      "in welcome",
      "out ping",
      "none closed",
    ]);
    assert.deepEqual(tap.sightings.map(({ number }) => number), [1, 2, 3, 4, 5, 6]);
    assert.ok(tap.sightings.every((sighting) => sighting.transport === "websocket"));
  });

  it("changes nothing of what it sees", () => {
    transport.open();
    fake.welcome();
    const cancel = { type: "cancel", run: "r".repeat(22) } as const;
    transport.send([cancel]);
    transport.resume();
    transport.probe();
    fake.receive({ type: "pong" });
    assert.deepEqual(fake.sent, [cancel]);
    assert.equal(fake.hellos.length, 2);
    assert.equal(fake.probes, 1);
    assert.deepEqual(heard.filter((what) => !/heard|delivered/.test(what)), ["opened", "welcome", "pong"]);
    assert.ok(heard.includes("heard"));
    assert.ok(heard.includes("delivered cancel"));
    transport.close();
    assert.equal(fake.closed, true);
  });

  it("tells of the transport what the transport tells", () => {
    fake.unsentBytes = 7;
    assert.deepEqual(
      [transport.listening, transport.tried, transport.answersPings, transport.unsentBytes],
      [fake.listening, fake.tried, fake.answersPings, 7],
    );
    fake.accept();
    assert.equal(transport.listening, true);
    connect("sse");
    assert.equal(transport.answersPings, false);
  });

  it("sees the ping of a probe, where that is one", () => {
    fake.accept();
    transport.probe();
    assert.equal(said(tap.sightings).at(-1), "out ping");
    connect("sse");
    fake.accept();
    transport.probe();
    assert.equal(said(tap.sightings).at(-1), "none opened");
  });

  it("sees a connection that is lost", () => {
    fake.welcome();
    fake.lose();
    assert.equal(said(tap.sightings).at(-1), "none ended");
    assert.equal(heard.at(-1), "closed");
  });

  it("keeps the last 200", () => {
    fake.welcome();
    for (let count = 0; count < 300; count += 1) {
      fake.receive({ type: "pong" });
    }
    assert.equal(tap.sightings.length, 200);
    assert.equal(tap.sightings.at(-1)!.number, 303);
  });

  it("tells who listens, until they have heard enough", () => {
    const numbers: number[] = [];
    const stop = tap.listen(({ number }) => numbers.push(number));
    fake.welcome();
    stop();
    fake.receive({ type: "pong" });
    assert.deepEqual(numbers, [1, 2, 3]);
  });

  it("can be cleared", () => {
    fake.welcome();
    tap.clear();
    assert.equal(tap.sightings.length, 0);
    fake.receive({ type: "pong" });
    assert.equal(tap.sightings[0]!.number, 4);
  });
});
