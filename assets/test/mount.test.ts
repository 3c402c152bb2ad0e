import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { Mount } from "../src/mount";

let dom: JSDOM;
let mount: Mount;
let log: string[];

function connect(_element: HTMLElement, value: string): () => void {
  if (value === "bad") {
    throw new Error("bad configuration");
  }
  log.push(`+${value}`);
  return () => log.push(`-${value}`);
}

/** Lets the observer, which is called in a microtask, have its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function root(value: string): HTMLElement {
  const element = dom.window.document.createElement("div");
  element.setAttribute("data-chat", value);
  return element;
}

beforeEach(() => {
  log = [];
  dom = new JSDOM('<body><main><div data-chat="first"></div></main></body>');
  const { document, MutationObserver } = dom.window;
  mount = new Mount(document, MutationObserver, "data-chat", connect);
});

afterEach(() => {
  mount.stop();
  dom.window.close();
});

test("what is there is connected, what comes too, deep inside as well", async () => {
  mount.start();
  assert.deepEqual(log, ["+first"]);
  const page = dom.window.document.createElement("section");
  page.append(root("second"));
  dom.window.document.body.append(page, root("third"));
  await settled();
  assert.deepEqual(log, ["+first", "+second", "+third"]);
});

test("what goes is disconnected, before what comes in its place is connected", async () => {
  mount.start();
  dom.window.document.querySelector("main")?.replaceWith(root("second"));
  await settled();
  assert.deepEqual(log, ["+first", "-first", "+second"]);
});

test("what only moves stays", async () => {
  mount.start();
  const first = dom.window.document.querySelector("[data-chat]");
  assert.ok(first);
  dom.window.document.body.append(first);
  await settled();
  assert.deepEqual(log, ["+first"]);
});

test("another value is another chat", async () => {
  mount.start();
  dom.window.document.querySelector("[data-chat]")?.setAttribute("data-chat", "second");
  await settled();
  assert.deepEqual(log, ["+first", "-first", "+second"]);
});

test("one that cannot be connected does not keep the others from it", async (t) => {
  const complaint = t.mock.method(console, "error", () => {});
  mount.start();
  dom.window.document.body.append(root("bad"), root("good"));
  await settled();
  assert.deepEqual(log, ["+first", "+good"]);
  assert.equal(complaint.mock.callCount(), 1);
});

test("stopping disconnects everything", () => {
  mount.start();
  mount.stop();
  assert.deepEqual(log, ["+first", "-first"]);
});
