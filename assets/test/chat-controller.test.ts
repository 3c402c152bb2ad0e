import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { ChatController } from "../src/chat-controller";
import { Connection, type TransportMode } from "../src/connection";
import type { ClientFrame, HistoryFrame, SendFrame } from "../src/protocol/frames";
import type { ChatState } from "../src/state";
import { Conversation } from "../src/thread/conversation";
import { ThreadStore } from "../src/thread/thread-store";
import { FakeClock } from "./doubles/fake-clock";
import { FakeNetwork } from "./doubles/fake-transport";
import { MemoryStorage } from "./doubles/memory-storage";
import { ScriptedRun } from "./doubles/scripted-run";

let clock: FakeClock;
let network: FakeNetwork;
let storage: MemoryStorage;
let runs: number;

/** A page with one chat. Several can share the storage, as before and after a reload. */
class Page {
  readonly states: ChatState[] = [];
  readonly chat: ChatController;

  constructor(mode: TransportMode = "websocket") {
    this.chat = new ChatController({
      chat: "chat",
      conversation: new Conversation(new ThreadStore(() => storage, "thread")),
      connect: (owner) => new Connection({ mode, transport: network.transport, clock, random: () => 0 }, owner),
      clock,
      newRunId: () => `run-${String((runs += 1)).padStart(12, "0")}`,
      show: (state) => this.states.push(state),
    });
    this.chat.start();
  }

  get state(): ChatState {
    const state = this.states.at(-1);
    assert.ok(state);
    return state;
  }

  /** Each message as `role status: text`. */
  get lines(): string[] {
    return this.state.messages.map(
      ({ role, status, parts }) => `${role} ${status}: ${parts.map((part) => part.text).join("")}`,
    );
  }
}

const sends = (frames: readonly ClientFrame[]) => frames.filter((frame): frame is SendFrame => frame.type === "send");
const cancels = (frames: readonly ClientFrame[]) => frames.filter((frame) => frame.type === "cancel");

function lastSend(): SendFrame {
  const send = sends(network.last.sent).at(-1);
  assert.ok(send);
  return send;
}

/** Asks, and lets the server take it. */
function ask(page: Page, text: string, id: string): ScriptedRun {
  assert.equal(page.chat.submit(text), true);
  if (page.state.connection !== "open") {
    network.last.welcome();
  }
  const run = new ScriptedRun(lastSend().run);
  network.last.receive(run.accepted(id, lastSend().parent));
  return run;
}

/** One whole turn. */
function turn(page: Page, question: string, answer: string, ids: [string, string]): ScriptedRun {
  const run = ask(page, question, ids[0]);
  network.last.receive(run.start(), run.delta(answer), run.end(), run.finish(ids[1], ids[0]));
  return run;
}

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  storage = new MemoryStorage();
  runs = 0;
});

describe("one turn", () => {
  test("the question and the coming answer are shown before there is a connection", () => {
    const page = new Page();
    assert.equal(page.chat.submit("Hello"), true);
    assert.deepEqual(page.lines, ["user done: Hello", "assistant submitted: "]);
    assert.equal(page.state.status, "submitted");
    assert.equal(page.state.connection, "connecting");
    network.last.welcome();
    assert.deepEqual(network.last.sent, [{ type: "send", run: "run-000000000001", parent: null, text: "Hello" }]);
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

describe("a lost connection", () => {
  test("what was not accepted is sent again, the very same", () => {
    const page = new Page();
    page.chat.submit("Hello");
    network.last.welcome();
    const first = lastSend();
    network.last.lose();
    clock.pass(0);
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
      clock.pass(0);
    }
    network.last.accept();
    assert.deepEqual(network.last.hellos[0]?.resume, [{ run: run.run, after: "1795372800000-2" }]);
    assert.deepEqual(sends(network.last.sent), []);
    network.last.receive(one, two, end, run.finish("a1", "u1"));
    assert.deepEqual(page.lines, ["user done: Hello", "assistant done: one two"]);
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

  test("a run that the server has lost is interrupted, its text kept", () => {
    const page = new Page();
    const run = ask(page, "Hello", "u1");
    network.last.receive(run.start(), run.delta("Half"));
    network.last.receive({ type: "refused", code: "unknown-run", text: "Gone.", run: run.run });
    assert.deepEqual(page.lines, ["user done: Hello", "assistant interrupted: Half"]);
    assert.equal(page.state.status, "ready");
    page.chat.submit("Again");
    assert.equal(lastSend().parent, "u1");
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
    clock.pass(0);
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
      ["cancel", "send"],
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

  test("storage that fails does not matter", () => {
    storage.fault = new Error("The quota has been exceeded.");
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    assert.deepEqual(page.lines, ["user done: One", "assistant done: 1"]);
  });

  test("tokens are not written one by one", () => {
    const page = new Page();
    const run = ask(page, "One", "u1");
    const writes = storage.writes;
    network.last.receive(run.start());
    for (let token = 0; token < 100; token++) {
      network.last.receive(run.delta("x"));
    }
    assert.equal(storage.writes, writes);
  });
});
