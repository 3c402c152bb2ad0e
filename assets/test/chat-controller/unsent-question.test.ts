import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, cancels, clock, lastSend, network, sends } from "./world";

beforeEach(begin);

describe("a question that can't be sent", () => {
  /** Asked while the server can't be reached, and long enough ago to say so. */
  function pendingPage(): Page {
    const page = new Page();
    page.chat.submit("One");
    clock.pass(1_000);
    return page;
  }

  const pending = (page: Page) => page.state.messages.filter((message) => message.pending).map(({ key }) => key);

  function withdraw(page: Page): boolean {
    const [key] = pending(page);
    assert.ok(key);
    return page.chat.withdraw(key);
  }

  test("is pending after a second, instead of an answer that nobody works on", () => {
    const page = new Page();
    page.chat.submit("One");
    clock.pass(999);
    assert.deepEqual(page.lines, ["user done: One", "assistant submitted: "]);
    assert.deepEqual(pending(page), []);
    clock.pass(1);
    assert.deepEqual(page.lines, ["user done: One"]);
    assert.equal(pending(page).length, 1);
    assert.equal(page.state.status, "submitted");
  });

  test("is sent when it can be, and pending no more", () => {
    const page = pendingPage();
    network.last.welcome();
    assert.equal(lastSend().text, "One");
    assert.deepEqual(page.lines, ["user done: One", "assistant submitted: "]);
    assert.deepEqual(pending(page), []);
  });

  test("is not pending when the server has it", () => {
    const page = new Page();
    ask(page, "One", "u1");
    network.last.lose();
    clock.pass(5_000);
    assert.equal(page.state.stalled, true);
    assert.deepEqual(pending(page), []);
    assert.equal(page.chat.withdraw(page.state.messages[0]?.key ?? ""), false);
    assert.equal(page.lines.length, 2);
  });

  test("can be withdrawn; a server that has never heard of it is told nothing", () => {
    const page = pendingPage();
    assert.equal(withdraw(page), true);
    assert.deepEqual(page.lines, []);
    assert.equal(page.state.status, "ready");
    assert.equal(page.chat.expecting(), false);
    network.last.welcome();
    assert.deepEqual(network.last.sent, []);
  });

  test("when it may have been sent, the withdrawal is told on the next connection, once", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    const { run } = lastSend();
    network.last.lose();
    clock.pass(1_000);
    assert.equal(withdraw(page), true);
    assert.deepEqual(page.lines, []);
    network.last.welcome();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run }]);
    assert.deepEqual(sends(network.last.sent), []);
    network.last.receive({ type: "pong" });
    assert.equal(page.chat.expecting(), false);
    network.last.lose();
    page.chat.submit("Two");
    network.last.welcome();
    assert.deepEqual(cancels(network.last.sent), []);
  });

  test("a withdrawal that may not have arrived is told again, after a reload too", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    const { run } = lastSend();
    network.last.lose();
    clock.pass(1_000);
    withdraw(page);
    network.last.accept();
    assert.equal(cancels(network.last.sent).length, 1);
    network.last.lose();
    page.chat.dispose();
    const after = new Page();
    assert.deepEqual(after.lines, []);
    network.last.welcome();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run }]);
  });

  test("a withdrawal counts as told when the answer to its own ping has come, not sooner", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.accept();
    const { run } = lastSend();
    network.last.lose();
    clock.pass(1_000);
    withdraw(page);
    network.last.welcome();
    network.last.receive({ type: "ping" });
    network.last.receive({ type: "refused", code: "busy", text: "Busy.", retry_ms: 1_000 });
    clock.pass(1_000);
    network.last.welcome();
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run }]);
    assert.equal(page.chat.expecting(), true);
    network.last.receive({ type: "pong" });
    assert.equal(page.chat.expecting(), false);
  });

  test("the answer to an earlier ping says nothing of a withdrawal", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.accept();
    clock.pass(1_000);
    assert.equal(withdraw(page), true);
    assert.equal(cancels(network.last.sent).length, 1);
    network.last.receive({ type: "pong" });
    assert.equal(page.chat.expecting(), true);
    network.last.receive({ type: "pong" });
    assert.equal(page.chat.expecting(), false);
  });

  test("what the server says of a withdrawn run is not shown", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    const run = new ScriptedRun(lastSend().run);
    network.last.lose();
    clock.pass(1_000);
    withdraw(page);
    network.last.welcome();
    network.last.receive(run.accepted("u1", null), run.start(), run.delta("1"), run.stopped(null));
    assert.deepEqual(page.lines, []);
    page.chat.submit("Two");
    assert.equal(lastSend().parent, null);
  });

  test("no line is kept for a withdrawal", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    network.last.lose();
    clock.pass(1_000);
    withdraw(page);
    assert.equal(page.state.stalled, false);
    clock.pass(60_000);
    assert.equal(page.state.stalled, false);
  });

  test("a final refusal ends withdrawals too", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    network.last.lose();
    clock.pass(1_000);
    withdraw(page);
    network.last.accept();
    const attempts = network.attempts.length;
    network.last.receive({ type: "refused", code: "forbidden", text: "No." });
    assert.equal(page.state.connection, "closed");
    assert.equal(network.attempts.length, attempts);
  });

  test("survives a reload, and is sent after it", () => {
    pendingPage().chat.dispose();
    const page = new Page();
    clock.pass(1_000);
    assert.equal(pending(page).length, 1);
    network.last.welcome();
    assert.equal(lastSend().text, "One");
    assert.deepEqual(page.lines, ["user done: One", "assistant submitted: "]);
  });

  test("stays in the thread when it is stopped", () => {
    const page = pendingPage();
    page.chat.stop();
    assert.deepEqual(page.lines, ["user done: One", "assistant stopped: "]);
    assert.deepEqual(pending(page), []);
  });

  test("Retry of one that stands there has nothing to withdraw", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.failed());
    clock.pass(10_000);
    network.last.lose();
    page.chat.retry();
    clock.pass(1_000);
    assert.equal(page.state.stalled, true);
    assert.deepEqual(pending(page), []);
    assert.equal(page.chat.withdraw(page.state.messages[0]?.key ?? ""), false);
  });
});
