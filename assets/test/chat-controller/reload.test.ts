import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Page, ask, begin, cancels, clock, lastSend, life, network, storage, turn } from "./world";

beforeEach(begin);

describe("reload", () => {
  test("the thread is there, without a connection", () => {
    turn(new Page(), "One", "1", ["u1", "a1"]);
    const attempts = network.attempts.length;
    const page = new Page();
    assert.deepEqual(page.lines, ["user done: One", "assistant done: 1"]);
    assert.equal(network.attempts.length, attempts);
  });

  test("a live answer is read again from its start", () => {
    const before = new Page();
    const run = ask(before, "One", "u1");
    const [start, one] = [run.start(), run.delta("One")];
    network.last.receive(start, one);
    before.chat.dispose();
    assert.equal(network.last.closed, true);
    assert.deepEqual(cancels(network.last.sent), []);

    const page = new Page();
    assert.deepEqual(page.lines, ["user done: One", "assistant streaming: One"]);
    network.last.welcome();
    assert.deepEqual(network.last.hellos[0]?.resume, [{ run: run.run, after: null }]);
    network.last.receive(start);
    assert.equal(page.lines[1], "assistant streaming: One");
    network.last.receive(one, run.delta(" two"), run.end(), run.finish("a1", "u1"));
    assert.equal(page.lines[1], "assistant done: One two");
  });

  test("a question that was not accepted is sent again", () => {
    const before = new Page();
    before.chat.submit("One");
    network.last.welcome();
    const send = lastSend();
    before.chat.dispose();
    new Page();
    network.last.welcome();
    assert.deepEqual(lastSend(), send);
  });

  test("a stopped answer stays stopped, and is cancelled again", () => {
    const before = new Page();
    const run = ask(before, "One", "u1");
    before.chat.stop();
    before.chat.dispose();
    const page = new Page();
    network.last.welcome();
    assert.equal(page.lines[1], "assistant stopped: ");
    assert.deepEqual(cancels(network.last.sent), [{ type: "cancel", run: run.run }]);
  });

  test("a run that the server does not have is interrupted", () => {
    const before = new Page();
    const run = ask(before, "One", "u1");
    before.chat.dispose();
    const page = new Page();
    network.last.welcome();
    network.last.receive({ type: "refused", code: "unknown-run", text: "Gone.", run: run.run });
    assert.equal(page.lines[1], "assistant interrupted: ");
  });

  test("storage that is full from some time on does not bring back an older state", () => {
    const before = new Page();
    const run = ask(before, "One", "u1");
    storage.fault = new Error("The quota has been exceeded.");
    network.last.receive(run.start(), run.delta("1"), run.end(), run.finish("a1", "u1"));
    storage.fault = null;
    assert.deepEqual(new Page().lines, []);
  });

  test("an answer that no run belongs to is interrupted", () => {
    const before = new Page();
    ask(before, "One", "u1");
    const stored = JSON.parse(storage.getItem("thread") ?? "") as { runs: unknown[] };
    storage.setItem("thread", JSON.stringify({ ...stored, runs: [] }));
    assert.equal(new Page().lines[1], "assistant interrupted: ");
  });

  test("what is shown is kept when the page is about to be left", () => {
    const before = new Page();
    const run = ask(before, "One", "u1");
    network.last.receive(run.start(), run.delta("half"));
    before.chat.save();
    const page = new Page();
    assert.equal(page.lines[1], "assistant streaming: half");
  });

  test("a page out of the browser's cache takes over what another one of the tab has written", () => {
    const old = new Page();
    turn(old, "One", "1", ["u1", "a1"]);
    old.chat.save();
    const between = new Page();
    const run = ask(between, "Two", "u2");
    network.last.receive(run.start(), run.delta("2"));
    between.chat.dispose();
    old.chat.restore();
    assert.deepEqual(old.lines.slice(2), ["user done: Two", "assistant streaming: 2"]);
    network.last.welcome();
    assert.deepEqual(network.last.hellos[0]?.resume, [{ run: run.run, after: null }]);
    old.chat.save();
    assert.deepEqual(new Page().lines, old.lines);
  });

  test("where nothing could be kept, it goes on with what it has", () => {
    storage.fault = new Error("forbidden");
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    page.chat.restore();
    assert.deepEqual(page.lines, ["user done: One", "assistant done: 1"]);
  });

  test("a chat that leaves the page leaves no timer", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    network.last.receive({ type: "refused", code: "busy", text: "Busy.", run: run.run, retry_ms: 60_000 });
    page.chat.stop();
    page.chat.dispose();
    assert.equal(clock.pending, 0);
    assert.equal(life.listeners, 0);
  });

  test("storage that fails does not matter", () => {
    storage.fault = new Error("The quota has been exceeded.");
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    assert.deepEqual(page.lines, ["user done: One", "assistant done: 1"]);
  });

  test("tokens are not written one by one", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    const writes = storage.log.length;
    network.last.receive(run.start());
    for (let token = 0; token < 100; token++) {
      network.last.receive(run.delta("x"));
    }
    assert.equal(storage.log.length, writes);
  });
});
