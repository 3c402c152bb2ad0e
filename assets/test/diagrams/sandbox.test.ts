import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import type { DrawReply, DrawRequest } from "../../src/diagrams/drawing.js";
import { DiagramSandbox } from "../../src/diagrams/sandbox.js";
import { FakeClock } from "../doubles/fake-clock.js";

const SCRIPT = 'https://host.example/sub/static/diagrams.v0m12.js?a=1&b="2"';

describe("DiagramSandbox", () => {
  let window: JSDOM["window"];
  let clock: FakeClock;
  let sandbox: DiagramSandbox;
  let requests: DrawRequest[];

  beforeEach(() => {
    window = new JSDOM().window;
    clock = new FakeClock();
    requests = [];
    sandbox = new DiagramSandbox({ window: window as unknown as Window, clock, script: SCRIPT });
  });

  const frame = (): HTMLIFrameElement => window.document.querySelector("iframe")!;

  function receive(data: DrawReply, source: unknown = frame().contentWindow): void {
    window.dispatchEvent(new window.MessageEvent("message", { data, source: source as Window }));
  }

  function ready(): void {
    Object.defineProperty(frame().contentWindow!, "postMessage", {
      value: (request: DrawRequest) => requests.push(request),
      configurable: true,
    });
    receive({ kind: "ready" });
  }

  function drawn(title: string): DrawReply {
    return { kind: "drawn", id: requests.at(-1)!.id, drawing: { svg: "<svg/>", width: 1, height: 2, title } };
  }

  it("has a frame without an origin, into which nothing comes but the script", () => {
    void sandbox.open();
    assert.equal(frame().getAttribute("sandbox"), "allow-scripts");
    const document = new JSDOM(frame().srcdoc).window.document;
    assert.equal(document.querySelector("script")!.getAttribute("src"), SCRIPT);
    assert.equal(
      document.querySelector("meta[http-equiv]")!.getAttribute("content"),
      `default-src 'none'; script-src ${SCRIPT}; style-src 'unsafe-inline'`,
    );
    assert.equal(frame().getAttribute("aria-hidden"), "true");
    assert.equal(frame().tabIndex, -1);
  });

  it("is open when the script says so", async () => {
    const open = sandbox.open();
    ready();
    await open;
  });

  it("is not when the script does not come", async () => {
    const open = sandbox.open();
    clock.pass(30_000);
    await assert.rejects(open, /did not come/);
    assert.equal(frame(), null);
  });

  it("draws in a new frame what comes after a diagram that failed", async () => {
    const [one, two] = [sandbox.draw("one", false), sandbox.draw("two", true)];
    ready();
    const first = frame();
    receive({ kind: "failed", id: requests.at(-1)!.id, reason: "no diagram" });
    await assert.rejects(one, /no diagram/);
    assert.notEqual(frame(), first);
    ready();
    receive(drawn("two"));
    assert.equal((await two).title, "two");
  });

  it("draws one after the other", async () => {
    const [one, two] = [sandbox.draw("one", false), sandbox.draw("two", true)];
    ready();
    assert.deepEqual(requests, [{ id: 1, source: "one", isDark: false }]);
    receive(drawn("first"));
    assert.equal((await one).title, "first");
    assert.deepEqual(requests[1], { id: 2, source: "two", isDark: true });
    receive({ kind: "failed", id: 2, reason: "no diagram" });
    await assert.rejects(two, /no diagram/);
  });

  it("listens to nobody else", async () => {
    const one = sandbox.draw("one", false);
    ready();
    receive(drawn("forged"), window);
    receive({ ...drawn("late"), id: 7 } as DrawReply);
    receive(drawn("real"));
    assert.equal((await one).title, "real");
  });

  it("throws a diagram that hangs away with its frame, and goes on", async () => {
    const [one, two] = [sandbox.draw("one", false), sandbox.draw("two", false)];
    ready();
    const before = frame();
    clock.pass(10_000);
    await assert.rejects(one, /too long/);
    assert.ok(!before.isConnected);
    ready();
    assert.equal(requests.at(-1)!.source, "two");
    receive(drawn("second"));
    assert.equal((await two).title, "second");
  });

  it("fails what waits when no frame comes up", async () => {
    const [one, two] = [sandbox.draw("one", false), sandbox.draw("two", false)];
    clock.pass(30_000);
    await assert.rejects(one);
    await assert.rejects(two);
    assert.equal(frame(), null);
  });

  it("gives the frame up when it has not been used for a while, and opens another when it is", async () => {
    const open = sandbox.open();
    ready();
    await open;
    clock.pass(30_000);
    assert.equal(frame(), null);
    assert.equal(clock.pending, 0);
    const one = sandbox.draw("one", false);
    ready();
    receive(drawn("again"));
    assert.equal((await one).title, "again");
  });
});
