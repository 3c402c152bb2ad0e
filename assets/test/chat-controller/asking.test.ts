import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { AnswerFrame, RunFrame } from "../../src/protocol/frames";
import type { PartState } from "../../src/state";
import { Page, begin, clock, lastSend, network, cancels } from "./world";

/** How long the reader may think. */
const SECONDS = 100;

const text = (more: object = {}): string => JSON.stringify({ question: "Go on?", state: "open", options: ["Yes", "No"], seconds: SECONDS, ...more });
const answers = (): AnswerFrame[] => network.last.sent.filter((frame): frame is AnswerFrame => frame.type === "answer");

/** A run that asks in its parts, one after another. */
class AskingRun {
  readonly run: string;
  #seq = 0;

  constructor(run: string) {
    this.run = run;
  }

  get at(): { run: string; id: string } {
    this.#seq += 1;
    return { run: this.run, id: `1795372800000-${this.#seq}` };
  }

  ask(part = 0, json = text()): RunFrame[] {
    return [
      { type: "part-start", ...this.at, part, kind: "ask" },
      { type: "text-delta", ...this.at, part, d: json },
      { type: "part-end", ...this.at, part },
    ];
  }

  change(from: string, to: string, part = 0): RunFrame[] {
    return [
      { type: "text-splice", ...this.at, part, at: 0, remove: from.length, d: to },
      { type: "part-end", ...this.at, part },
    ];
  }

  finish(): RunFrame {
    return { type: "finish", ...this.at, message: { id: "a1", parent: "u1", role: "assistant" } };
  }
}

let page: Page;
let run: AskingRun;

const message = () => page.state.messages.at(-1)!;
const part = (index = 0): PartState => message().parts[index]!;
const give = (value: unknown, index = 0): boolean => page.chat.answer(message().key, part(index), value);

/** Asks, and is asked something. */
function asked(mode: "websocket" | "sse" = "websocket"): void {
  page = new Page(mode);
  page.chat.submit("Hello");
  network.last.welcome();
  run = new AskingRun(lastSend().run);
  network.last.receive({ type: "accepted", run: run.run, message: { id: "u1", parent: null, role: "user" } }, ...run.ask());
}

beforeEach(begin);

describe("answering", () => {
  beforeEach(() => asked());

  test("an answer is sent at once, and once", () => {
    assert.equal(give("Yes"), true);
    assert.deepEqual(answers(), [{ type: "answer", run: run.run, part: 0, value: "Yes" }]);
    network.last.receive({ type: "pong" });
    clock.pass(1_000);
    assert.equal(answers().length, 1);
  });

  test("after a lost connection it is sent again, until the question changes", () => {
    give("Yes");
    network.last.lose();
    clock.pass(10_000);
    network.last.welcome();
    assert.deepEqual(network.last.hellos[0]!.resume, [{ run: run.run, after: "1795372800000-3" }]);
    assert.equal(answers().length, 1);
    network.last.receive(...run.change(text(), text({ state: "answered", value: "Yes" })));
    network.last.lose();
    clock.pass(10_000);
    network.last.welcome();
    assert.equal(answers().length, 0);
    network.last.receive(run.finish());
    assert.equal(message().status, "done");
  });

  test("over a reload it is kept, and sent again", () => {
    give("Yes");
    page.chat.dispose();
    page = new Page();
    network.last.welcome();
    assert.deepEqual(answers(), [], "while the run has not been read again");
    network.last.receive(...new AskingRun(run.run).ask());
    assert.deepEqual(answers(), [{ type: "answer", run: run.run, part: 0, value: "Yes" }]);
  });

  test("what the server refuses can be answered anew", () => {
    const before = part();
    give("Perhaps");
    network.last.receive({ type: "refused", code: "not-offered", text: "This is not offered.", run: run.run });
    assert.equal(page.state.notice, "This is not offered.");
    assert.equal(message().status, "streaming");
    assert.notEqual(part(), before, "so that it is shown as open again");
    assert.equal(part().text, before.text);
    give("Yes");
    assert.deepEqual(answers().map(({ value }) => value), ["Perhaps", "Yes"]);
  });

  test("an answer to an older state of the question, or to no part, is not taken", () => {
    const before = part();
    const changed = text({ problems: { x: "Wrong." } });
    network.last.receive(...run.change(text(), changed));
    assert.equal(page.chat.answer(message().key, before, "Yes"), false);
    assert.equal(page.chat.answer("nobody", part(), "Yes"), false);
    assert.deepEqual(answers(), []);
    assert.equal(give("Yes"), true);
  });

  test("the right question is answered", () => {
    network.last.receive(...run.change(text(), text({ state: "answered", value: "Yes" })), ...run.ask(1));
    give("No", 1);
    assert.deepEqual(answers(), [{ type: "answer", run: run.run, part: 1, value: "No" }]);
  });

  test("a stopped answer is asked for nothing", () => {
    page.chat.stop();
    assert.equal(give("Yes"), false);
    assert.deepEqual([cancels(network.last.sent).length, answers().length], [1, 0]);
  });

  test("an answer that was given before Stop is not sent after it", () => {
    network.last.lose();
    give("Yes");
    page.chat.stop();
    clock.pass(10_000);
    network.last.welcome();
    assert.deepEqual([cancels(network.last.sent).length, answers().length], [1, 0]);
  });

  test("an answer that has ended is asked for nothing", () => {
    network.last.receive(run.finish());
    assert.equal(give("Yes"), false);
  });
});

describe("while a run waits for its reader", () => {
  test("the connection may end, and an answer brings it back", () => {
    asked();
    assert.equal(page.chat.expecting(), false);
    clock.pass(31_000);
    assert.equal(page.state.connection, "closed");
    const attempts = network.attempts.length;
    clock.pass(10_000);
    assert.equal(network.attempts.length, attempts, "nothing is owed");
    assert.equal(page.state.stalled, false);
    give("Yes");
    assert.equal(page.chat.expecting(), true);
    assert.equal(network.attempts.length, attempts + 1);
    network.last.welcome();
    assert.equal(answers().length, 1);
  });

  test("a lost connection is not missed", () => {
    asked();
    const attempts = network.attempts.length;
    network.last.lose();
    clock.pass(20_000);
    assert.equal(network.attempts.length, attempts);
  });

  test("when nobody has answered in time, what became of it is asked for", () => {
    asked();
    clock.pass(31_000);
    const attempts = network.attempts.length;
    clock.pass(SECONDS * 1000 - 31_000 - 1);
    assert.equal(network.attempts.length, attempts);
    clock.pass(1);
    assert.equal(page.chat.expecting(), true);
    assert.equal(network.attempts.length, attempts + 1);
    network.last.welcome();
    network.last.receive(...run.change(text(), text({ state: "expired" })), run.finish());
    assert.equal(message().status, "done");
  });

  test("each question has its own time, also one that follows at once", () => {
    asked();
    clock.pass(60_000);
    give("Yes");
    network.last.welcome();
    network.last.receive(...run.change(text(), text({ state: "answered", value: "Yes" })), ...run.ask(1));
    assert.equal(page.chat.expecting(), false);
    clock.pass(SECONDS * 1000 - 1);
    assert.equal(page.chat.expecting(), false);
    clock.pass(1);
    assert.equal(page.chat.expecting(), true);
  });

  test("what is asked after a reload is read first", () => {
    asked();
    page.chat.dispose();
    page = new Page();
    assert.equal(page.chat.expecting(), true);
    network.last.welcome();
    assert.deepEqual(network.last.hellos[0]!.resume, [{ run: run.run, after: null }]);
    run = new AskingRun(run.run);
    network.last.receive(...run.ask());
    assert.equal(page.chat.expecting(), false);
    assert.equal(give("Yes"), true);
  });
});

test("a reload in the middle of a change keeps the cut part as what it is", () => {
  asked();
  const [splice] = run.change(text(), '{"question":"Go on?","state":"answ');
  network.last.receive(splice!);
  page.chat.dispose();
  page = new Page();
  assert.equal(part().ended, false);
});
