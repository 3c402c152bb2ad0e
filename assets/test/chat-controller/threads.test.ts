import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { openedThread } from "../../src/history/opened-thread";
import { ScriptedRun } from "../doubles/scripted-run";
import { ANSWER, kept, QUESTION, turnAfter } from "../history/kept";
import { Page, ask, begin, cancels, clock, lastSend, network, sends, turn } from "./world";

beforeEach(begin);

const OTHER = kept(QUESTION, ANSWER);
const [AWAITED] = turnAfter("a1", "2", "Two");
const SHOWN = ["user done: One", "assistant done: 1"];
const open = (): Page => new Page("websocket", "wait", true);

describe("a conversation that the server keeps", () => {
  test("has one id, which goes with all that is sent and stays over a reload", () => {
    const page = open();
    assert.equal(page.state.thread, null);
    turn(page, "One", "1", ["u1", "a1"]);
    const { thread } = lastSend();
    assert.match(thread ?? "", /^thread-\d+$/);
    page.chat.regenerate(page.state.messages[1]!.key);
    assert.deepEqual([lastSend().text, lastSend().thread], [null, thread]);
    page.chat.dispose();
    const again = open();
    assert.equal(again.state.thread, thread);
    network.last.lose();
  });

  test("has none where none is kept", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    assert.deepEqual([page.state.thread, "thread" in lastSend()], [null, false]);
  });

  test("gets its id with the next message when it is older than that", () => {
    const before = new Page();
    turn(before, "One", "1", ["u1", "a1"]);
    before.chat.dispose();
    const page = open();
    assert.equal(page.state.thread, null);
    turn(page, "Two", "2", ["u2", "a2"]);
    assert.deepEqual([lastSend().parent, lastSend().thread], ["a1", page.state.thread]);
  });
});

describe("a new chat", () => {
  test("begins at once, with another id, and leaves the answer to the server", () => {
    const page = open();
    const run = ask(page, "One", "u1");
    network.last.receive(run.start(), run.delta("Half"));
    const { thread } = page.state;
    page.chat.clear();
    assert.deepEqual([page.lines, page.state.thread, page.state.cleared, page.state.status], [[], null, false, "ready"]);
    network.last.receive(run.delta(" of it"), run.end(), run.finish("a1", "u1"));
    assert.deepEqual([page.lines, cancels(network.last.sent)], [[], []]);
    turn(page, "Two", "2", ["u2", "a2"]);
    assert.equal(lastSend().parent, null);
    assert.notEqual(page.state.thread, thread);
    assert.deepEqual(page.lines, ["user done: Two", "assistant done: 2"]);
  });

  test("stays one over a reload", () => {
    const before = open();
    turn(before, "One", "1", ["u1", "a1"]);
    before.chat.clear();
    before.chat.dispose();
    assert.deepEqual([open().lines, open().state.thread], [[], null]);
  });

  test("of what nobody has kept can be undone, and what comes next is another conversation", () => {
    const page = open();
    page.chat.submit("One");
    network.last.welcome();
    const first = lastSend();
    network.last.receive({ type: "refused", code: "rate", text: "Later.", run: first.run });
    page.chat.clear();
    assert.deepEqual([page.lines, page.state.cleared], [[], true]);
    page.chat.undoClear();
    assert.equal(page.lines[0], "user done: One");
    page.chat.clear();
    page.chat.submit("Two");
    assert.notEqual(lastSend().thread, first.thread);
  });

  test("does not stop what was stopped from being so when the server has not heard of it yet", () => {
    const page = open();
    const run = ask(page, "One", "u1");
    network.last.lose();
    page.chat.stop();
    page.chat.clear();
    assert.equal(page.chat.expecting(), true);
    clock.pass(1_000);
    network.last.welcome();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
  });
});

describe("another conversation", () => {
  test("is shown and continued under its own id", () => {
    const page = open();
    turn(page, "Zero", "0", ["u0", "a0"]);
    assert.equal(page.chat.openThread(openedThread(OTHER)), true);
    assert.deepEqual([page.lines, page.state.thread], [SHOWN, OTHER.id]);
    ask(page, "Two", "u2");
    assert.deepEqual([lastSend().parent, lastSend().thread], ["a1", OTHER.id]);
  });

  test("stays over a reload, and nothing else does", () => {
    const before = open();
    turn(before, "Zero", "0", ["u0", "a0"]);
    before.chat.openThread(openedThread(OTHER));
    before.chat.dispose();
    assert.deepEqual([open().lines, open().state.thread], [SHOWN, OTHER.id]);
  });

  test("gets nothing of the answer that was left", () => {
    const page = open();
    const run = ask(page, "Zero", "u0");
    network.last.receive(run.start(), run.delta("Half"));
    page.chat.openThread(openedThread(OTHER));
    assert.equal(page.state.status, "ready");
    network.last.receive(run.delta(" of it"), run.end(), run.finish("a0", "u0"));
    assert.deepEqual([page.lines, cancels(network.last.sent)], [SHOWN, []]);
  });

  test("that is empty gets nothing of it either", () => {
    const page = open();
    const run = ask(page, "Zero", "u0");
    network.last.receive(run.start(), run.delta("Half"));
    page.chat.openThread(null);
    network.last.receive(run.delta(" of it"), run.end(), run.finish("a0", "u0"));
    assert.deepEqual(page.lines, []);
  });

  test("does not keep a rating from being told later, when the server wants that", () => {
    const page = open();
    const { run } = turn(page, "Zero", "0", ["u0", "a0"]);
    const told = (): number => network.last.sent.filter(({ type }) => type === "feedback").length;
    page.chat.rate(page.state.messages[1]!.key, "up", "");
    assert.equal(told(), 1);
    network.last.receive({ type: "refused", code: "busy", text: "Later.", run, retry_ms: 500 });
    page.chat.openThread(null);
    clock.pass(1_000);
    assert.equal(told(), 2);
  });

  test("does not do again what its live answer has done on the page before", () => {
    const page = open();
    const { run } = ask(page, "Zero", "u0");
    const action = JSON.stringify({ do: "set", label: "Country", state: "open", seconds: 60 });
    const acts = (): void => network.last.receive(...new ScriptedRun(run).whole(0, "action", action));
    acts();
    assert.equal(page.acts.length, 1);
    page.chat.openThread(null);
    page.chat.openThread(openedThread(kept({ ...QUESTION, id: "u0", run })));
    acts();
    assert.equal(page.acts.length, 1);
  });

  test("is not opened while a message was not sent, which would be lost", () => {
    const page = open();
    turn(page, "Zero", "0", ["u0", "a0"]);
    network.last.lose();
    page.chat.submit("And?");
    assert.equal(page.chat.openThread(openedThread(OTHER)), false);
    assert.match(page.state.notice ?? "", /has not been sent yet/);
    page.chat.clear();
    assert.equal(page.lines.length, 4);
    clock.pass(1_000);
    network.last.welcome();
    assert.equal(sends(network.last.sent).length, 1);
  });

  test("is read on from the beginning of its live answer, on the connection that is there", () => {
    const page = open();
    turn(page, "Zero", "0", ["u0", "a0"]);
    page.chat.openThread(openedThread(kept(QUESTION, ANSWER, AWAITED)));
    assert.deepEqual(network.last.hellos.at(-1)?.resume, [{ run: "run-2", after: null }]);
    const run = new ScriptedRun("run-2");
    network.last.receive(run.start(), run.delta("Both"), run.end(), run.finish("a2", "u2"));
    assert.equal(page.lines.at(-1), "assistant done: Both");
    ask(page, "Three", "u3");
    assert.equal(lastSend().parent, "a2");
  });

  test("connects for its live answer where nothing is connected", () => {
    const page = open();
    page.chat.openThread(openedThread(kept(QUESTION, ANSWER, AWAITED)));
    network.last.welcome();
    assert.deepEqual(page.chat.hello().resume, [{ run: "run-2", after: null }]);
    assert.deepEqual(sends(network.last.sent), []);
  });

  test("can be asked again when nobody knows of its answer any more", () => {
    const page = open();
    page.chat.openThread(openedThread(kept(QUESTION, ANSWER, AWAITED)));
    network.last.welcome();
    network.last.receive({ type: "refused", code: "unknown-run", text: "Gone.", run: "run-2" });
    assert.equal(page.lines.at(-1), "assistant interrupted: ");
    page.chat.retry();
    assert.deepEqual([lastSend().parent, lastSend().text, lastSend().thread], ["u2", null, OTHER.id]);
  });

  test("is stopped like any", () => {
    const page = open();
    page.chat.openThread(openedThread(kept(QUESTION, ANSWER, AWAITED)));
    network.last.welcome();
    page.chat.stop();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: "run-2" }]);
  });

  test("that is deleted is gone, with the answer that was being written", () => {
    const page = open();
    const run = ask(page, "Zero", "u0");
    page.chat.discardThread();
    assert.deepEqual([page.lines, page.state.thread, page.state.cleared], [[], null, false]);
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
  });
});
