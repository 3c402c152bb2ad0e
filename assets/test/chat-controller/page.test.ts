import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, clock, lastSend, network, turn } from "./world";

beforeEach(begin);

describe("what the action wants to know of the page", () => {
  test("goes with the question, as it was when it was asked", () => {
    const page = new Page();
    page.inputs = ["France", [1, 2]];
    page.chat.submit("One");
    page.inputs = ["Spain", []];
    network.last.welcome();
    assert.deepEqual(lastSend().inputs, ["France", [1, 2]]);
  });

  test("goes with an answer that is asked for again, as it is then", () => {
    const page = new Page();
    page.inputs = ["France"];
    turn(page, "One", "1", ["u1", "a1"]);
    page.inputs = ["Spain"];
    page.chat.regenerate(page.state.messages[1]!.key);
    assert.deepEqual(lastSend(), { ...lastSend(), parent: "u1", text: null, inputs: ["Spain"] });
  });

  test("survives a reload before it could be sent", () => {
    const page = new Page();
    page.inputs = ["France"];
    page.chat.submit("One");
    page.chat.dispose();
    new Page();
    clock.pass(0);
    network.last.welcome();
    assert.deepEqual(lastSend().inputs, ["France"]);
  });
});

describe("whoever waits for an answer", () => {
  test("hears of it when it is complete", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.start(), run.delta("1"));
    assert.equal(page.answered, 0);
    network.last.receive(run.end(), run.finish("a1", "u1"));
    assert.equal(page.answered, 1);
  });

  test("does not hear of one that failed or was stopped", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.failed());
    const other = ask(page, "Two", "u2");
    page.chat.stop();
    network.last.receive(other.stopped(null));
    assert.equal(page.answered, 0);
  });
});

test("components keep their kind through the storage", () => {
  const page = new Page();
  const run: ScriptedRun = ask(page, "One", "u1");
  const part = { run: run.run, part: 0 } as const;
  const id = (seq: number) => `1795372800000-${seq}`;
  network.last.receive(
    { type: "part-start", ...part, id: id(1), kind: "component" },
    { type: "text-delta", ...part, id: id(2), d: "{}" },
    { type: "part-end", ...part, id: id(3) },
    { type: "finish", run: run.run, id: id(4), message: { id: "a1", parent: "u1", role: "assistant" } },
  );
  page.chat.dispose();
  assert.deepEqual(new Page().state.messages[1]?.parts, [{ kind: "component", text: "{}", ended: true }]);
});
