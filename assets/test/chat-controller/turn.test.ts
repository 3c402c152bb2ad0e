import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { HistoryFrame, SendFrame } from "../../src/protocol/frames";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, clock, lastSend, network, sends, turn } from "./world";

beforeEach(begin);

describe("one turn", () => {
  test("the question and the coming answer are shown before there is a connection", () => {
    const page = new Page();
    assert.equal(page.chat.submit("Hello"), true);
    assert.deepEqual(page.lines, ["user done: Hello", "assistant submitted: "]);
    assert.equal(page.state.status, "submitted");
    assert.equal(page.state.connection, "connecting");
    network.last.welcome();
    assert.deepEqual(sends(network.last.sent), [
      { type: "send", run: "run-000000000001", parent: null, text: "Hello" },
    ]);
  });

  test("the answer grows and ends", () => {
    const page = new Page();
    const run = ask(page, "Hello", "u1");
    network.last.receive(run.start(), run.delta("Hi"));
    assert.equal(page.state.status, "streaming");
    network.last.receive(run.delta(" there"), run.end(), run.finish("a1", "u1"));
    assert.deepEqual(page.lines, ["user done: Hello", "assistant done: Hi there"]);
    assert.equal(page.state.status, "ready");
  });

  test("what has not changed stays the same object, and nothing is shown twice", () => {
    const page = new Page();
    const run = ask(page, "Hello", "u1");
    network.last.receive(run.start(), run.delta("Hi"));
    const before = page.state;
    network.last.receive(run.delta("!"));
    assert.equal(page.state.messages[0], before.messages[0]);
    assert.notEqual(page.state.messages[1], before.messages[1]);
    assert.equal(page.state.messages[1]?.key, before.messages[1]?.key);
    const shown = page.states.length;
    network.last.receive({ type: "pong" });
    assert.equal(page.states.length, shown);
  });

  test("the next question names the answer before", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.submit("Two");
    assert.equal(lastSend().parent, "a1");
  });

  test("one answer at a time", () => {
    const page = new Page();
    ask(page, "One", "u1");
    assert.equal(page.chat.submit("Two"), false);
    assert.equal(page.state.messages.length, 2);
  });

  test("nothing to say, and too much to say, are not taken", () => {
    const page = new Page();
    page.chat.engage();
    network.last.welcome({ max_prompt_chars: 3 });
    assert.equal(page.chat.submit(" \n"), false);
    assert.equal(page.state.notice, null);
    assert.equal(page.chat.submit("four"), false);
    assert.match(page.state.notice ?? "", /at most 3 characters/);
    assert.equal(page.chat.submit("👋👋👋"), true);
    assert.equal(page.state.notice, null);
  });

  test("lone surrogates are repaired before they are shown or sent", () => {
    const page = new Page();
    ask(page, "a\ud83db", "u1");
    assert.equal(page.lines[0], "user done: a\ufffdb");
    assert.equal(lastSend().text, "a\ufffdb");
  });

  test("the composer's focus opens the connection", () => {
    new Page().chat.engage();
    assert.equal(network.attempts.length, 1);
  });
});

describe("history", () => {
  test("is sent when asked for, and the same send again", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.submit("Two");
    const send = lastSend();
    network.last.sent.length = 0;
    network.last.receive({ type: "need-history", run: send.run });
    const [history, again] = network.last.sent as [HistoryFrame, SendFrame];
    assert.deepEqual(again, send);
    assert.deepEqual(JSON.parse(history.text), [
      { id: "u1", parent: null, role: "user", content: "One" },
      { id: "a1", parent: "u1", role: "assistant", content: "1" },
    ]);
  });

  test("when it is refused, the next question begins a new one", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.submit("Two");
    network.last.receive({ type: "need-history", run: lastSend().run });
    network.last.receive({ type: "refused", code: "bad-history", text: "No.", run: lastSend().run });
    assert.equal(page.state.status, "error");
    page.chat.retry();
    assert.deepEqual([lastSend().parent, lastSend().text], [null, "Two"]);
    assert.equal(page.lines.length, 4);
  });

  test("a connection that breaks at each history is not tried without end or pause", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.submit("Two");
    const attempts = network.attempts.length;
    for (let round = 0; round < 3; round++) {
      network.last.receive({ type: "need-history", run: lastSend().run });
      assert.equal(page.state.status, "submitted");
      network.last.lose();
      clock.pass(15_000);
      network.last.welcome();
    }
    network.last.receive({ type: "need-history", run: lastSend().run });
    assert.equal(page.state.status, "error");
    assert.equal(network.attempts.length, attempts + 3);
  });

  test("only what is new brings the chat forward", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    const run = new ScriptedRun(lastSend().run);
    const [accepted, start, one] = [run.accepted("u1", null), run.start(), run.delta("1")];
    assert.equal(page.chat.onFrames([{ type: "need-history", run: run.run }]), false);
    for (const frames of [[accepted], [start, one]]) {
      assert.equal(page.chat.onFrames(frames), true);
      assert.equal(page.chat.onFrames(frames), false);
    }
  });

  test("a server that asks without end is not followed", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    for (let round = 0; round < 4; round++) {
      network.last.receive({ type: "need-history", run: lastSend().run });
    }
    assert.equal(page.state.status, "error");
  });
});
