import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { HistoryFrame, RunFrame } from "../../src/protocol/frames";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, lastSend, network } from "./world";

beforeEach(begin);

const VIEW = '{"type":"Div"}';

/** How its author shows an answer. */
const ending = (run: string): RunFrame[] => {
  const at = (seq: number) => ({ run, id: `1795372800000-${seq}` });
  return [
    { type: "part-start", ...at(4), part: 1, kind: "view" },
    { type: "text-delta", ...at(5), part: 1, d: VIEW },
    { type: "part-end", ...at(6), part: 1 },
  ];
};

/** A turn in which the author shows both messages. */
const turn = (page: Page, text: string): string => {
  page.chat.submit(text);
  network.last.welcome();
  const run = new ScriptedRun(lastSend().run);
  network.last.receive({ type: "accepted", run: run.run, message: { id: "u1", parent: null, role: "user" }, view: VIEW });
  network.last.receive(run.start(), run.delta("Hi"), run.end(), ...ending(run.run));
  return run.run;
};

const finish = (run: string): RunFrame => ({
  type: "finish",
  run,
  id: "1795372800000-7",
  message: { id: "a1", parent: "u1", role: "assistant" },
  suggestions: ["Why?"],
});

const views = (page: Page) => page.state.messages.map(({ view }) => view);

describe("how the author shows messages", () => {
  test("is there as soon as the question is accepted, and when the answer is complete", () => {
    const page = new Page();
    const run = turn(page, "Hello");
    assert.deepEqual(views(page), [VIEW, null]);
    assert.deepEqual(page.lines, ["user done: Hello", "assistant streaming: Hi"]);
    network.last.receive(finish(run));
    assert.deepEqual(views(page), [VIEW, VIEW]);
    assert.deepEqual(page.lines, ["user done: Hello", "assistant done: Hi"]);
  });

  test("survives a reload, with the suggestions", () => {
    const page = new Page();
    const run = turn(page, "Hello");
    network.last.receive(finish(run));
    page.chat.dispose();
    const again = new Page();
    assert.deepEqual(views(again), [VIEW, VIEW]);
    assert.deepEqual(again.state.messages[1]!.suggestions, ["Why?"]);
  });

  test("is never sent back, nor is what was suggested", () => {
    const page = new Page();
    const run = turn(page, "Hello");
    network.last.receive(finish(run));
    page.chat.submit("And?");
    const send = lastSend();
    network.last.sent.length = 0;
    network.last.receive({ type: "need-history", run: send.run });
    const [history] = network.last.sent as [HistoryFrame];
    assert.deepEqual(JSON.parse(history.text), [
      { id: "u1", parent: null, role: "user", content: "Hello" },
      { id: "a1", parent: "u1", role: "assistant", content: "Hi" },
    ]);
  });

  test("is not shown of an answer that was stopped behind it", () => {
    const page = new Page();
    const run = turn(page, "Hello");
    network.last.receive({ type: "stopped", run, id: "1795372800000-7", message: null });
    assert.deepEqual(views(page), [VIEW, null]);
  });

  test("is nothing by default", () => {
    const page = new Page();
    ask(page, "Hello", "u1");
    assert.deepEqual(views(page), [null, null]);
    assert.deepEqual(page.state.messages[1]!.suggestions, []);
  });
});
