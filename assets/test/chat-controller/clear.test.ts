import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Page, ask, begin, cancels, clock, lastSend, network, sends, storage, turn } from "./world";

beforeEach(begin);

describe("clear", () => {
  test("empties the chat and the storage; undo brings all back", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.regenerate(page.state.messages[1]?.key ?? "");
    page.chat.stop();
    const { messages } = page.state;
    page.chat.clear();
    assert.deepEqual([page.lines, page.state.cleared, page.state.status], [[], true, "ready"]);
    assert.doesNotMatch(storage.getItem("thread") ?? "", /choices":\["/);
    assert.equal(storage.length, 1);
    page.chat.undoClear();
    assert.deepEqual([page.state.messages, page.state.cleared], [messages, false]);
    assert.deepEqual(new Page().lines, page.lines);
  });

  test("of nothing is nothing", () => {
    const page = new Page();
    page.chat.clear();
    assert.equal(page.state.cleared, false);
  });

  test("what is asked next begins a conversation, and there is no way back", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.clear();
    turn(page, "Two", "2", ["u2", "a2"]);
    assert.equal(lastSend().parent, null);
    assert.deepEqual([page.lines, page.state.cleared], [["user done: Two", "assistant done: 2"], false]);
    page.chat.undoClear();
    assert.equal(page.lines.length, 2);
    assert.deepEqual(page.state.messages[0]?.branch, { index: 0, count: 1 });
  });

  test("there is no way back after a reload", () => {
    const before = new Page();
    turn(before, "One", "1", ["u1", "a1"]);
    before.chat.clear();
    before.chat.dispose();
    const page = new Page();
    assert.deepEqual([page.lines, page.state.cleared], [[], false]);
    page.chat.undoClear();
    assert.deepEqual(page.lines, []);
  });

  test("stops a live answer, whose text is there when it is undone", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.start(), run.delta("Half"));
    page.chat.clear();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
    network.last.receive(run.delta(" of it"), run.end(), run.stopped({ id: "a1", parent: "u1" }));
    assert.deepEqual(page.lines, []);
    page.chat.undoClear();
    assert.deepEqual(page.lines, ["user done: One", "assistant stopped: Half of it"]);
    page.chat.submit("Two");
    assert.equal(lastSend().parent, "a1");
  });

  test("stops a live answer for good, also when something new is asked, or the page is reloaded, before its end", () => {
    for (const leave of [false, true]) {
      begin();
      let page = new Page();
      const run = ask(page, "One", "u1");
      network.last.receive(run.start(), run.delta("Half"));
      network.last.lose();
      page.chat.clear();
      if (leave) {
        page.chat.dispose();
        page = new Page();
      }
      page.chat.submit("Two");
      network.last.welcome();
      assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
      assert.deepEqual([lastSend().parent, lastSend().text], [null, "Two"]);
      network.last.receive(run.delta(" of it"), run.end(), run.stopped({ id: "a1", parent: "u1" }));
      assert.deepEqual(page.lines, ["user done: Two", "assistant submitted: "]);
    }
  });

  test("a question that was not sent never is", () => {
    const page = new Page();
    page.chat.submit("One");
    page.chat.clear();
    assert.equal(page.chat.expecting(), false);
    network.last.welcome();
    assert.deepEqual(network.last.sent, []);
    page.chat.undoClear();
    assert.deepEqual(page.lines, ["user done: One", "assistant stopped: "]);
    page.chat.retry();
    assert.deepEqual([lastSend().parent, lastSend().text], [null, "One"]);
  });

  test("a question that may have been sent is cancelled", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    const { run } = lastSend();
    network.last.lose();
    clock.pass(1_000);
    page.chat.clear();
    network.last.welcome();
    assert.deepEqual([cancels(network.last.sent), sends(network.last.sent)], [[{ type: "cancel", run }], []]);
    page.chat.undoClear();
    assert.equal(page.state.messages[0]?.pending, false);
  });
});
