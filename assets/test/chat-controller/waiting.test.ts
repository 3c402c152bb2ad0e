import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { ClientFrame, DeliverFrame } from "../../src/protocol/frames";
import { fileRef } from "../doubles/fake-uploader";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, clock, lastSend, network, sends } from "./world";

beforeEach(begin);

const page = (choice: "queue" | "deliver"): Page => new Page("websocket", choice);
const key = (of: Page, index = 0): string => of.state.waiting[index]?.key ?? "";

function finish(run: ScriptedRun, answer: string, ids: [string, string]): void {
  network.last.receive(run.start(), run.delta(answer), run.end(), run.finish(ids[1], ids[0]));
}

/** Lets the server take the last question. */
function accept(run: ScriptedRun, id: string): ScriptedRun {
  network.last.receive(run.accepted(id, lastSend().parent));
  return run;
}

describe("a message that is queued", () => {
  test("waits below the answer, and is asked by itself when that is complete", () => {
    const chat = page("queue");
    const run = ask(chat, "One", "u1");
    assert.equal(chat.chat.submit("Two"), true);
    assert.deepEqual(chat.waiting, ["queued: Two"]);
    assert.deepEqual(chat.lines, ["user done: One", "assistant submitted: "]);
    assert.equal(sends(network.last.sent).length, 1);
    finish(run, "1", ["u1", "a1"]);
    assert.deepEqual(chat.waiting, []);
    assert.deepEqual(chat.lines.slice(2), ["user done: Two", "assistant submitted: "]);
    assert.deepEqual([lastSend().parent, lastSend().text], ["a1", "Two"]);
  });

  test("is one of several, asked in their order, one after the other, with their files", () => {
    const chat = page("queue");
    const first = ask(chat, "One", "u1");
    chat.chat.submit("Two", [fileRef("a.csv")]);
    chat.chat.submit("Three");
    finish(first, "1", ["u1", "a1"]);
    assert.deepEqual(lastSend().files, [fileRef("a.csv").id]);
    assert.deepEqual(chat.waiting, ["queued: Three"]);
    const second = accept(new ScriptedRun(lastSend().run), "u2");
    finish(second, "2", ["u2", "a2"]);
    assert.equal(lastSend().text, "Three");
    assert.deepEqual(chat.waiting, []);
  });

  test("can be taken back", () => {
    const chat = page("queue");
    const run = ask(chat, "One", "u1");
    chat.chat.submit("Two");
    assert.equal(chat.chat.withdraw(key(chat)), true);
    assert.equal(chat.chat.withdraw("other"), false);
    assert.deepEqual(chat.waiting, []);
    finish(run, "1", ["u1", "a1"]);
    assert.equal(sends(network.last.sent).length, 1);
  });

  for (const [name, end] of [
    ["Stop", (chat: Page) => chat.chat.stop()],
    ["an error", (_: Page, run: ScriptedRun) => network.last.receive(run.failed())],
  ] as const) {
    test(`is held after ${name}, until its reader sends it`, () => {
      const chat = page("queue");
      const run = ask(chat, "One", "u1");
      chat.chat.submit("Two");
      chat.chat.submit("Three");
      end(chat, run);
      assert.deepEqual(chat.waiting, ["held: Two", "held: Three"]);
      assert.equal(sends(network.last.sent).length, 1);
      assert.equal(chat.chat.sendNow(key(chat, 1)), true);
      assert.deepEqual(chat.waiting, ["queued: Two"]);
      assert.equal(chat.lines.at(-2), "user done: Three");
      assert.equal(chat.chat.sendNow(key(chat)), false);
    });
  }

  test("follows what is asked after Stop", () => {
    const chat = page("queue");
    const first = ask(chat, "One", "u1");
    chat.chat.submit("Two");
    chat.chat.stop();
    network.last.receive(first.stopped(null));
    const second = ask(chat, "Instead", "u2");
    assert.deepEqual(chat.waiting, ["queued: Two"]);
    finish(second, "2", ["u2", "a2"]);
    assert.equal(lastSend().text, "Two");
  });

  test("an answer that was complete before the server heard of Stop sends nothing", () => {
    const chat = page("queue");
    const run = ask(chat, "One", "u1");
    chat.chat.submit("Two");
    chat.chat.stop();
    finish(run, "1", ["u1", "a1"]);
    assert.deepEqual(chat.waiting, ["held: Two"]);
    assert.equal(chat.lines.length, 2);
  });

  test("survives a reload, and is asked after it", () => {
    const before = page("queue");
    const run = ask(before, "One", "u1");
    before.chat.submit("Two");
    before.chat.dispose();
    const after = page("queue");
    assert.deepEqual(after.waiting, ["queued: Two"]);
    network.last.welcome();
    finish(run, "1", ["u1", "a1"]);
    assert.equal(lastSend().text, "Two");
  });

  test("is held when nothing is alive after a reload", () => {
    const before = page("queue");
    ask(before, "One", "u1");
    before.chat.submit("Two");
    before.chat.stop();
    before.chat.dispose();
    assert.deepEqual(page("queue").waiting, ["held: Two"]);
  });

  test("is held when the question that it waits for is taken back", () => {
    const chat = page("queue");
    chat.chat.submit("One");
    chat.chat.submit("Two");
    clock.pass(1_000);
    assert.equal(chat.chat.withdraw(chat.state.messages[0]?.key ?? ""), true);
    assert.deepEqual(chat.waiting, ["held: Two"]);
  });

  test("goes with a conversation that is cleared, and comes back with it", () => {
    const chat = page("queue");
    ask(chat, "One", "u1");
    chat.chat.submit("Two");
    chat.chat.clear();
    assert.deepEqual(chat.waiting, []);
    chat.chat.undoClear();
    assert.deepEqual(chat.waiting, ["held: Two"]);
    chat.chat.clear();
    chat.chat.submit("New");
    chat.chat.clear();
    chat.chat.undoClear();
    assert.deepEqual(chat.waiting, []);
  });

  test("is neither empty nor too long, and not one of too many", () => {
    const chat = page("queue");
    ask(chat, "One", "u1");
    assert.equal(chat.chat.submit("  "), false);
    assert.equal(chat.chat.submit("x".repeat(200_000)), false);
    assert.match(chat.state.notice ?? "", /too long/);
    for (let count = 0; count < 20; count += 1) {
      assert.equal(chat.chat.submit(`${count}`), true);
    }
    assert.equal(chat.chat.submit("More"), false);
    assert.match(chat.state.notice ?? "", /Too many/);
  });

  test("is not taken where it is not to be", () => {
    const chat = new Page();
    ask(chat, "One", "u1");
    assert.equal(chat.chat.submit("Two"), false);
    assert.deepEqual(chat.waiting, []);
  });
});

describe("a message that is said into an answer", () => {
  const deliveries = (frames: readonly ClientFrame[]) => frames.filter((frame): frame is DeliverFrame => frame.type === "deliver");
  const last = (): DeliverFrame => {
    const frame = deliveries(network.last.sent).at(-1);
    assert.ok(frame);
    return frame;
  };

  function take(run: ScriptedRun, { id, text }: DeliverFrame, part = 0): void {
    network.last.receive(...run.whole(part, "steer", JSON.stringify({ id, text })));
  }

  test("is sent at once, and becomes a part of the answer when that takes it", () => {
    const chat = page("deliver");
    const run = ask(chat, "One", "u1");
    assert.equal(chat.chat.submit("Only Europe"), true);
    assert.deepEqual(deliveries(network.last.sent), [{ type: "deliver", run: run.run, id: last().id, text: "Only Europe" }]);
    assert.deepEqual(chat.waiting, ["unread: Only Europe"]);
    assert.equal(chat.chat.withdraw(key(chat)), false, "the server may have it");
    take(run, last());
    assert.deepEqual(chat.waiting, []);
    assert.deepEqual(chat.state.messages[1]?.parts.map(({ kind }) => kind), ["steer"]);
  });

  test("waits until the run was accepted, and can be taken back until then", () => {
    const chat = page("deliver");
    chat.chat.submit("One");
    chat.chat.submit("Only Europe");
    assert.deepEqual(chat.waiting, ["unsent: Only Europe"]);
    assert.equal(chat.chat.withdraw(key(chat)), true);
    chat.chat.submit("Only Asia");
    network.last.accept();
    assert.deepEqual(deliveries(network.last.sent), []);
    network.last.receive({ type: "accepted", run: lastSend().run, message: { id: "u1", parent: null, role: "user" } });
    assert.equal(last().text, "Only Asia");
  });

  test("goes after the one before it has arrived, in their order", () => {
    const chat = page("deliver");
    ask(chat, "One", "u1");
    for (const text of ["a", "b", "c"]) {
      chat.chat.submit(text);
    }
    assert.deepEqual(deliveries(network.last.sent).map(({ text }) => text), ["a"]);
    network.last.receive({ type: "pong" }, { type: "pong" });
    assert.deepEqual(deliveries(network.last.sent).map(({ text }) => text), ["a", "b", "c"]);
  });

  test("is sent again after a lost connection, as the same message, unless it has certainly arrived", () => {
    const chat = page("deliver");
    ask(chat, "One", "u1");
    chat.chat.submit("Only Europe");
    const sent = last();
    network.last.lose();
    clock.pass(10_000);
    network.last.welcome();
    assert.deepEqual(deliveries(network.last.sent), [sent]);
    network.last.receive({ type: "pong" });
    network.last.lose();
    clock.pass(10_000);
    network.last.welcome();
    assert.deepEqual(deliveries(network.last.sent), []);
  });

  test("is sent again after a reload", () => {
    const before = page("deliver");
    ask(before, "One", "u1");
    before.chat.submit("Only Europe");
    const sent = last();
    before.chat.dispose();
    const after = page("deliver");
    assert.deepEqual(after.waiting, ["unread: Only Europe"]);
    network.last.welcome();
    assert.deepEqual(deliveries(network.last.sent), [sent]);
  });

  test("what the answer has not taken is asked next", () => {
    const chat = page("deliver");
    const run = ask(chat, "One", "u1");
    chat.chat.submit("Taken");
    const taken = last();
    network.last.receive({ type: "pong" }, { type: "pong" });
    chat.chat.submit("Not taken");
    take(run, taken);
    network.last.receive(run.finish("a1", "u1"));
    assert.deepEqual(chat.waiting, []);
    assert.deepEqual([lastSend().text, lastSend().parent], ["Not taken", "a1"]);
  });

  test("after Stop it is held, once the run can't take it any more", () => {
    const chat = page("deliver");
    const run = ask(chat, "One", "u1");
    chat.chat.submit("Taken");
    const taken = last();
    network.last.receive({ type: "pong" }, { type: "pong" });
    chat.chat.submit("Not taken");
    chat.chat.stop();
    assert.deepEqual(chat.waiting, ["unread: Taken", "unread: Not taken"]);
    take(run, taken);
    network.last.receive(run.stopped({ id: "a1", parent: "u1" }));
    assert.deepEqual(chat.waiting, ["held: Not taken"]);
  });

  test("what is refused is queued", () => {
    const chat = page("deliver");
    const run = ask(chat, "One", "u1");
    chat.chat.submit("Only Europe");
    const refused = { type: "refused", code: "inbox-full", text: "Full.", run: run.run, delivery: last().id } as const;
    network.last.receive(refused, { type: "pong" });
    assert.deepEqual(chat.waiting, ["queued: Only Europe"]);
    assert.equal(chat.state.status, "submitted", "the answer goes on");
    finish(run, "1", ["u1", "a1"]);
    assert.equal(lastSend().text, "Only Europe");
  });

  test("with files it is queued", () => {
    const chat = page("deliver");
    ask(chat, "One", "u1");
    chat.chat.submit("See", [fileRef("a.csv")]);
    assert.deepEqual(chat.waiting, ["queued: See"]);
    assert.deepEqual(deliveries(network.last.sent), []);
  });
});
