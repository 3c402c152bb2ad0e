import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import type { FrameTap } from "../../src/inspector/frame-tap.js";
import { Inspection, type Inspectors } from "../../src/inspector/inspection.js";
import { LazyBundle } from "../../src/lazy/lazy-bundle.js";
import { SlicedWork } from "../../src/lazy/sliced-work.js";
import type { ChatState } from "../../src/state.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { FakeTransport } from "../doubles/fake-transport.js";

const STATE = { connection: "open" } as ChatState;

describe("Inspection", () => {
  let did: string[];
  let tap: FrameTap | null;
  let clock: FakeClock;
  let arrive: () => Promise<void>;
  let inspection: Inspection;

  beforeEach(() => {
    did = [];
    tap = null;
    clock = new FakeClock();
    const inspectors: Inspectors = {
      open: (_root, opened) => {
        tap = opened;
        return { show: ({ connection }) => did.push(`show ${connection}`), destroy: () => did.push("destroy") };
      },
    };
    const bundle = new LazyBundle<Inspectors>({
      name: "The inspector",
      load: () => new Promise((resolve) => (arrive = () => (resolve(inspectors), new Promise((done) => setImmediate(done))))),
      clock,
      work: new SlicedWork(clock),
    });
    const root = new JSDOM().window.document.body;
    inspection = new Inspection(root, { clock, copyText: () => Promise.resolve(true) }, bundle);
  });

  it("has seen everything by the time that its panel comes", async () => {
    const session = { hello: () => ({ type: "hello", v: 1, chat: "chat", resume: [] }) as const, expecting: () => true };
    const events = { opened() {}, received() {}, delivered() {}, heard() {}, closed() {} };
    let server!: FakeTransport;
    inspection.watch((...parts) => (server = new FakeTransport(...parts)))("websocket", session, events);
    server.welcome();
    inspection.show(STATE);
    assert.deepEqual(did, []);
    await arrive();
    assert.deepEqual(did, ["show open"]);
    assert.equal(tap!.sightings.length, 3);
  });

  it("shows what changes, and ends with its chat", async () => {
    await arrive();
    inspection.show(STATE);
    inspection.end();
    assert.deepEqual(did, ["show open", "destroy"]);
  });

  it("opens no panel for a chat that has gone", async () => {
    inspection.show(STATE);
    inspection.end();
    await arrive();
    assert.equal(tap, null);
    assert.deepEqual(did, []);
  });
});
