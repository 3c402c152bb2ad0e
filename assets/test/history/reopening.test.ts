import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { ThreadItem } from "../../src/history/thread-item";
import { openedThread } from "../../src/history/opened-thread";
import type { KeptThread } from "../../src/history/kept-thread";
import { Page, ask, begin, clock, network, turn } from "../chat-controller/world";

beforeEach(begin);

function item() {
  const { window } = new JSDOM("<body></body>", { pretendToBeVisual: true });
  const log: string[] = [];
  const thread = new ThreadItem(window.document, { open: () => log.push("open"), rename: (t) => log.push(`rename ${t}`), remove: () => log.push("remove") });
  window.document.body.append(thread.element);
  thread.render({ id: "t", title: "Old", updated: 0 }, false, false);
  const choose = (label: string) => {
    thread.element.querySelector<HTMLButtonElement>(".chat-thread-more")!.click();
    [...thread.element.querySelectorAll<HTMLButtonElement>("[role=menuitem]")].find((b) => b.textContent === label)!.click();
  };
  return { window, thread, log, choose };
}

test("Escape in the title leaves it as it was", () => {
  const { window, thread, log, choose } = item();
  choose("Rename");
  const field = thread.element.querySelector("input")!;
  field.value = "New";
  field.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  assert.deepEqual(log, []);
});

test("Enter saves once", () => {
  const { window, thread, log, choose } = item();
  choose("Rename");
  const field = thread.element.querySelector("input")!;
  field.value = "New";
  field.form!.dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  assert.deepEqual(log, ["rename New"]);
});

const BASE = { content: "x", created: 1 } as const;
const REGENERATED: KeptThread = {
  id: "t".repeat(22),
  title: "T",
  messages: [
    { ...BASE, id: "q", parent: null, role: "user", run: "r2" },
    { ...BASE, id: "a1", parent: "q", role: "assistant", run: "r1", status: "done" },
  ],
};

test("an answer that is being made again is resumed", () => {
  assert.equal(openedThread(REGENERATED).run?.id, "r2");
});

test("feedback that the server wants later is told later, also when another conversation was opened", () => {
  const page = new Page();
  const run = turn(page, "One", "1", ["u1", "a1"]);
  page.chat.rate(page.state.messages[1]!.key, "up", "");
  const told = () => network.last.sent.filter(({ type }) => type === "feedback").length;
  assert.equal(told(), 1);
  network.last.receive({ type: "refused", code: "busy", text: "Later.", run: run.run, retry_ms: 500 } as never);
  page.chat.openThread(null);
  clock.pass(1_000);
  assert.equal(told(), 2);
});

test("what an answer has done on the page is not done again when its conversation is opened again", () => {
  const page = new Page();
  const run = ask(page, "One", "u1");
  const action = JSON.stringify({ do: "set", label: "Country", state: "open", seconds: 60 });
  const start = { type: "part-start", run: run.run, id: "1-1", part: 0, kind: "action" };
  const text = { type: "text-delta", run: run.run, id: "1-2", part: 0, d: action };
  const end = { type: "part-end", run: run.run, id: "1-3", part: 0 };
  network.last.receive(start as never, text as never, end as never);
  assert.equal(page.acts.length, 1);
  page.chat.openThread(null);
  page.chat.openThread(openedThread({ id: "t".repeat(22), title: "T", messages: [{ ...BASE, id: "u1", parent: null, role: "user", run: run.run }] }));
  network.last.receive(start as never, text as never, end as never);
  assert.equal(page.acts.length, 1);
});

test("frames of an answer that was left reach nothing", () => {
  const page = new Page();
  const run = ask(page, "One", "u1");
  network.last.receive(run.start(), run.delta("Half"));
  page.chat.openThread(null);
  network.last.receive(run.delta(" more"), run.end(), run.finish("a1", "u1"));
  assert.deepEqual(page.lines, []);
});

test("a question without any answer is still resumed, one that is answered is not", () => {
  const [q, a] = REGENERATED.messages as [KeptThread["messages"][0], KeptThread["messages"][0]];
  assert.equal(openedThread({ ...REGENERATED, messages: [q] }).run?.id, "r2");
  assert.equal(openedThread({ ...REGENERATED, messages: [q, { ...a, run: "r2" }] }).run, null);
  assert.equal(openedThread({ ...REGENERATED, messages: [] }).run, null);
  const opened = openedThread(REGENERATED);
  assert.deepEqual(opened.tree.messages.map(({ status, branch }) => [status, branch.index, branch.count]), [["done", 0, 1], ["submitted", 1, 2]]);
});
