import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Page, ask, begin, lastSend, network, sends, turn } from "./world";

beforeEach(begin);

describe("failures and Retry", () => {
  test("an error is shown with its reference; Retry asks the same message again", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.start(), run.delta("Half"), run.end(), run.failed({ message: null }));
    assert.equal(page.lines[1], "assistant error: Half");
    assert.deepEqual(page.state.messages[1]?.error, { text: "It failed.", ref: "r1" });
    assert.equal(page.state.status, "error");
    page.chat.retry();
    assert.deepEqual(page.lines, ["user done: One", "assistant submitted: "]);
    assert.deepEqual(page.state.messages[1]?.branch, { index: 1, count: 2 }, "what came is kept");
    assert.deepEqual([lastSend().parent, lastSend().text], ["u1", null]);
    assert.notEqual(lastSend().run, run.run);
  });

  test("a refused question can be retried, with its text", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.submit("Two");
    network.last.receive({ type: "refused", code: "rate", text: "Too fast.", run: lastSend().run });
    assert.deepEqual(page.state.messages[3]?.error, { text: "Too fast.", ref: null });
    page.chat.retry();
    assert.deepEqual([lastSend().parent, lastSend().text], ["a1", "Two"]);
    assert.deepEqual(page.state.messages[3]?.branch, { index: 0, count: 1 }, "there was nothing to keep");
  });

  test("Retry while an answer is alive, or without one, does nothing", () => {
    const page = new Page();
    page.chat.retry();
    assert.deepEqual(page.lines, []);
    ask(page, "One", "u1");
    page.chat.retry();
    assert.equal(sends(network.last.sent).length, 1);
  });

  test("Retry right after Stop does not wait for the stopped answer", () => {
    const page = new Page();
    const one = ask(page, "One", "u1");
    page.chat.stop();
    page.chat.retry();
    assert.deepEqual([lastSend().parent, lastSend().text], ["u1", null]);
    network.last.receive(one.start(), one.delta("old"), one.end(), one.stopped({ id: "a1", parent: "u1" }));
    assert.deepEqual(page.lines, ["user done: One", "assistant submitted: "]);
  });

  test("an answer that breaks the protocol ends with an error", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.delta("no part"));
    assert.equal(page.state.status, "error");
  });

  test("a refusal that concerns no question is shown until the server greets again", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive({ type: "refused", code: "internal", text: "Something went wrong.", ref: "r" });
    assert.equal(page.state.notice, "Something went wrong.");
    network.last.lose();
    assert.equal(page.state.notice, "Something went wrong.");
    network.last.welcome();
    assert.equal(page.state.notice, null);
    network.last.receive(run.start(), run.delta("1"), run.end(), run.finish("a1", "u1"));
    assert.deepEqual([page.lines[1], page.state.notice], ["assistant done: 1", null]);
  });

  test("a final refusal ends what is alive and says why", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.accept();
    network.last.receive({ type: "refused", code: "version", text: "Reload the page." });
    assert.equal(page.lines[1], "assistant error: ");
    assert.equal(page.state.notice, "Reload the page.");
    assert.equal(page.state.connection, "closed");
  });
});
