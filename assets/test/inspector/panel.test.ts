import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { Panel } from "../../src/inspector/bundle/panel.js";
import { FrameTap } from "../../src/inspector/frame-tap.js";
import type { ChatState } from "../../src/state.js";
import type { Session, TransportEvents } from "../../src/transport/types.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { FakeTransport } from "../doubles/fake-transport.js";

const session: Session = { hello: () => ({ type: "hello", v: 1, chat: "chat", resume: [] }), expecting: () => true };
const events: TransportEvents = { opened() {}, received() {}, delivered() {}, heard() {}, closed() {} };
const STATE: ChatState = {
  messages: [],
  waiting: [],
  status: "ready",
  connection: "open",
  stalled: false,
  notice: null,
  cleared: false,
  thread: null,
};

describe("Panel", () => {
  let window: JSDOM["window"];
  let root: HTMLElement;
  let clock: FakeClock;
  let tap: FrameTap;
  let server: FakeTransport;
  let copied: string[];
  let panel: Panel;

  beforeEach(() => {
    window = new JSDOM('<div id="chat"><button data-chat-part="menu"></button></div>').window;
    root = window.document.getElementById("chat")!;
    clock = new FakeClock();
    tap = new FrameTap(clock);
    copied = [];
    tap.watch((...parts) => (server = new FakeTransport(...parts)))("websocket", session, events);
    server.welcome();
    panel = new Panel(root, tap, {
      clock,
      copyText: (text) => {
        copied.push(text);
        return Promise.resolve(true);
      },
    });
  });

  const section = (): HTMLElement => root.querySelector("section")!;
  const types = (): (string | null)[] =>
    [...root.querySelectorAll(".chat-inspector-cells span:nth-child(3)")].map(({ textContent }) => textContent);

  function press(name: string): void {
    const buttons = [...root.querySelectorAll("button")];
    const named = buttons.find((button) => (button.getAttribute("aria-label") ?? button.textContent) === name);
    assert.ok(named, `a button ${name}`);
    named.click();
  }

  it("is closed at first, and shows what came before it was opened", () => {
    assert.equal(section().hidden, true);
    press("Inspect this chat");
    assert.equal(section().hidden, false);
    assert.deepEqual(types(), ["hello", "opened", "welcome"]);
  });

  it("does nothing while it is closed", () => {
    server.receive({ type: "pong" });
    panel.show(STATE);
    clock.pass(1_000);
    assert.deepEqual(types(), []);
  });

  it("shows what comes, soon", () => {
    press("Inspect this chat");
    panel.show({ ...STATE, notice: "The server is busy." });
    server.receive({ type: "text-delta", run: "r".repeat(22), id: "1-1", part: 0, d: "It is so" });
    clock.pass(200);
    assert.equal(types().at(-1), "text-delta");
    assert.match(section().querySelector("dl")!.textContent!, /Connectionopen.*websocket.*NoticeThe server is busy\./);
    const cells = [...section().querySelectorAll("tbody td")].map(({ textContent }) => textContent);
    assert.deepEqual(cells, ["rrrrrr", "streaming", "1-1", "1", "8"]);
  });

  it("unfolds a frame into its JSON, as text", () => {
    press("Inspect this chat");
    server.receive({ type: "text-delta", run: "r".repeat(22), id: "1-1", part: 0, d: "<b>bold</b>" });
    clock.pass(200);
    const details = [...section().querySelectorAll("details")].at(-1)!;
    assert.equal(details.querySelector("pre"), null);
    details.open = true;
    details.dispatchEvent(new window.Event("toggle"));
    assert.match(details.querySelector("pre")!.textContent!, /"d": "<b>bold<\/b>"/);
    assert.equal(section().querySelector("b"), null);
  });

  it("holds still while it is paused, and then shows the rest", () => {
    press("Inspect this chat");
    press("Pause");
    server.receive({ type: "pong" });
    clock.pass(200);
    assert.equal(types().includes("pong"), false);
    press("Resume");
    assert.equal(types().at(-1), "pong");
  });

  it("can be cleared", () => {
    press("Inspect this chat");
    press("Clear");
    assert.deepEqual(types(), []);
    assert.deepEqual(tap.sightings, []);
  });

  it("copies all that it has", async () => {
    press("Inspect this chat");
    press("Copy");
    await Promise.resolve();
    assert.deepEqual(
      (JSON.parse(copied[0]!) as { what: { type: string } }[]).map(({ what }) => what.type),
      ["hello", "opened", "welcome"],
    );
    press("Copied");
    clock.pass(2_000);
    press("Copy");
  });

  it("closes by Escape, which does not stop an answer, and gives the focus back", () => {
    let stops = 0;
    root.addEventListener("keydown", () => (stops += 1));
    press("Inspect this chat");
    section().querySelector("ol")!.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    assert.equal(section().hidden, true);
    assert.equal(stops, 0);
    assert.equal(window.document.activeElement?.getAttribute("aria-label"), "Inspect this chat");
  });

  it("leaves nothing behind", () => {
    press("Inspect this chat");
    server.receive({ type: "pong" });
    panel.destroy();
    clock.pass(1_000);
    assert.equal(root.querySelectorAll("section, [aria-label='Inspect this chat']").length, 0);
    server.receive({ type: "pong" });
  });
});
