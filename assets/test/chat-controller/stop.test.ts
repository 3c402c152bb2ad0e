import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, cancels, clock, lastSend, network, sends } from "./world";

beforeEach(begin);

describe("Stop", () => {
  test("the chat is ready at once; text that was on its way belongs to the stopped answer", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.start(), run.delta("to"));
    page.chat.stop();
    assert.equal(page.state.status, "ready");
    assert.equal(page.lines[1], "assistant stopped: to");
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
    network.last.receive(run.delta("ken"), run.end(), run.stopped({ id: "a1", parent: "u1" }));
    assert.equal(page.lines[1], "assistant stopped: token");
    page.chat.submit("Two");
    assert.equal(lastSend().parent, "a1");
  });

  test("twice is once", () => {
    const page = new Page();
    ask(page, "One", "u1");
    page.chat.stop();
    page.chat.stop();
    assert.equal(cancels(network.last.sent).length, 1);
  });

  test("with the link down, the cancel is kept", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.lose();
    page.chat.stop();
    network.last.welcome();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
  });

  test("before there is a connection, it overtakes the send", () => {
    const page = new Page();
    page.chat.submit("One");
    page.chat.stop();
    network.last.welcome();
    assert.deepEqual(
      network.last.sent.map((frame) => frame.type),
      ["cancel", "send", "ping"],
    );
  });

  test("before the server has accepted, it is said again after", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    page.chat.stop();
    assert.equal(cancels(network.last.sent).length, 1);
    const run = new ScriptedRun(lastSend().run);
    network.last.receive(run.accepted("u1", null));
    assert.equal(cancels(network.last.sent).length, 2);
    network.last.receive(run.stopped(null));
    assert.equal(page.lines[1], "assistant stopped: ");
    page.chat.submit("Two");
    assert.equal(lastSend().parent, "u1");
  });

  test("the next question is shown at once, waits for the stopped answer's end, and never gets its text", () => {
    const page = new Page();
    const one = ask(page, "One", "u1");
    network.last.receive(one.start(), one.delta("old"));
    page.chat.stop();
    assert.equal(page.chat.submit("Two"), true);
    assert.deepEqual(page.lines.slice(2), ["user done: Two", "assistant submitted: "]);
    assert.equal(sends(network.last.sent).length, 1);
    network.last.receive(one.delta(" text"), one.end(), one.stopped({ id: "a1", parent: "u1" }));
    assert.deepEqual({ ...lastSend(), run: "" }, { type: "send", run: "", parent: "a1", text: "Two" });
    assert.deepEqual(page.lines.slice(1), ["assistant stopped: old text", "user done: Two", "assistant submitted: "]);
  });

  test("an end that does not come is overtaken after two seconds", () => {
    const page = new Page();
    const one = ask(page, "One", "u1");
    page.chat.stop();
    page.chat.submit("Two");
    clock.pass(1_999);
    assert.equal(sends(network.last.sent).length, 1);
    clock.pass(1);
    assert.deepEqual([lastSend().parent, lastSend().text], ["u1", "Two"]);
    network.last.receive(one.stopped(null));
    assert.equal(page.lines[3], "assistant submitted: ");
  });

  test("an answer that was complete when the server heard of it is done", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    page.chat.stop();
    network.last.receive(run.start(), run.delta("All"), run.end(), run.finish("a1", "u1"));
    assert.equal(page.lines[1], "assistant done: All");
  });

  test("a failure after it is not shown", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    page.chat.stop();
    network.last.receive(run.failed());
    assert.equal(page.lines[1], "assistant stopped: ");
    assert.equal(page.state.messages[1]?.error, null);
  });
});
