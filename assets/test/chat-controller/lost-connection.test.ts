import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Page, ask, begin, clock, lastSend, life, network, sends, turn } from "./world";

beforeEach(begin);

describe("a lost connection", () => {
  test("what was not accepted is sent again, the very same", () => {
    const page = new Page();
    page.chat.submit("Hello");
    network.last.welcome();
    const first = lastSend();
    network.last.lose();
    network.last.welcome();
    assert.deepEqual(sends(network.last.sent), [first]);
  });

  test("an answer goes on from where it was, also over the other transport", () => {
    const page = new Page("auto");
    const run = ask(page, "Hello", "u1");
    const [start, one, two, end] = [run.start(), run.delta("one "), run.delta("two"), run.end()];
    network.last.receive(start, one);
    for (let loss = 0; network.last.kind === "websocket"; loss++) {
      assert.ok(loss < 5);
      network.last.lose();
      clock.pass(1_000);
    }
    network.last.accept();
    assert.deepEqual(network.last.hellos[0]?.resume, [{ run: run.run, after: "1795372800000-2" }]);
    assert.deepEqual(sends(network.last.sent), []);
    network.last.receive(one, two, end, run.finish("a1", "u1"));
    assert.deepEqual(page.lines, ["user done: Hello", "assistant done: one two"]);
  });

  test("is not spoken of until it lasts, and only while something is owed", () => {
    const page = new Page();
    ask(page, "Hello", "u1");
    clock.pass(10_000);
    life.goOffline();
    network.last.lose();
    assert.deepEqual([page.state.connection, page.state.stalled], ["offline", false]);
    clock.pass(999);
    assert.equal(page.state.stalled, false);
    clock.pass(1);
    assert.equal(page.state.stalled, true);
    life.goOnline();
    assert.deepEqual([page.state.connection, page.state.stalled], ["reconnecting", true]);
    network.last.welcome();
    assert.deepEqual([page.state.connection, page.state.stalled], ["open", false]);
  });

  test("Try now makes another attempt", () => {
    const page = new Page();
    ask(page, "Hello", "u1");
    network.last.lose();
    const attempts = network.attempts.length;
    page.chat.tryNow();
    assert.equal(network.attempts.length, attempts + 1);
  });

  test("nothing is said of one that nobody needs", () => {
    const page = new Page();
    page.chat.engage();
    clock.pass(5_000);
    assert.deepEqual([page.state.connection, page.state.stalled], ["connecting", false]);
  });

  test("a gap is asked for once", () => {
    const page = new Page();
    const run = ask(page, "Hello", "u1");
    const [start, one, two, three] = [run.start(), run.delta("1"), run.delta("2"), run.delta("3")];
    network.last.receive(start, two);
    network.last.receive(three);
    assert.equal(network.last.hellos.length, 2);
    assert.deepEqual(network.last.hellos[1]?.resume, [{ run: run.run, after: "1795372800000-1" }]);
    network.last.receive(one, two, three);
    assert.equal(page.lines[1], "assistant streaming: 123");
  });

  for (const code of ["unknown-run", "bad-resume"]) {
    test(`a run that the server has lost is interrupted, its text kept: ${code}`, () => {
      const page = new Page();
      const run = ask(page, "Hello", "u1");
      network.last.receive(run.start(), run.delta("Half"));
      network.last.receive({ type: "refused", code, text: "Gone.", run: run.run });
      assert.deepEqual(page.lines, ["user done: Hello", "assistant interrupted: Half"]);
      assert.equal(page.state.status, "ready");
      page.chat.submit("Again");
      assert.equal(lastSend().parent, "u1");
    });
  }

  test("a server that was killed in mid answer takes the next question", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive(run.start(), run.delta("Half"));
    network.last.lose();
    network.last.welcome();
    assert.deepEqual(network.last.hellos[0]?.resume, [{ run: run.run, after: "1795372800000-2" }]);
    network.last.receive({ type: "refused", code: "unknown-run", text: "Gone.", run: run.run });
    turn(page, "Two", "2", ["u2", "a2"]);
    assert.deepEqual(page.lines, [
      "user done: One",
      "assistant interrupted: Half",
      "user done: Two",
      "assistant done: 2",
    ]);
  });

  test("a question that was answered long ago, unheard, is interrupted and can be retried", () => {
    const page = new Page();
    page.chat.submit("One");
    network.last.welcome();
    const first = lastSend();
    network.last.lose();
    network.last.welcome();
    assert.deepEqual(lastSend(), first);
    network.last.receive({ type: "refused", code: "unknown-run", text: "Gone.", run: first.run });
    assert.deepEqual(page.lines, ["user done: One", "assistant interrupted: "]);
    assert.equal(page.state.messages[1]?.error, null);
    page.chat.retry();
    assert.deepEqual([lastSend().parent, lastSend().text], [null, "One"]);
    assert.notEqual(lastSend().run, first.run);
  });
});
