import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { HistoryFrame } from "../../src/protocol/frames";
import { fileRef } from "../doubles/fake-uploader";
import { ScriptedRun } from "../doubles/scripted-run";
import { Page, ask, begin, clock, lastSend, network, sends, turn } from "./world";

beforeEach(begin);

const key = (page: Page, index: number) => page.state.messages[index]?.key ?? "";
const branches = (page: Page) => page.state.messages.map(({ branch }) => `${branch.index + 1}/${branch.count}`);

/** Lets the server answer what was sent last. */
function answer(text: string, ids: [question: string, answer: string]): void {
  const run = new ScriptedRun(lastSend().run);
  network.last.receive(run.accepted(ids[0], lastSend().parent));
  network.last.receive(run.start(), run.delta(text), run.end(), run.finish(ids[1], ids[0]));
}

/** Two turns, and a second version of the first question. */
function edited(): Page {
  const page = new Page();
  turn(page, "One", "1", ["u1", "a1"]);
  turn(page, "Two", "2", ["u2", "a2"]);
  assert.equal(page.chat.edit(key(page, 0), "Uno"), true);
  answer("uno!", ["u1b", "a1b"]);
  return page;
}

describe("regenerate", () => {
  test("asks the same question again and keeps the answer", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    assert.equal(page.chat.regenerate(key(page, 1)), true);
    assert.deepEqual([lastSend().parent, lastSend().text], ["u1", null]);
    assert.deepEqual(page.lines, ["user done: One", "assistant submitted: "]);
    answer("one", ["u1", "a1b"]);
    assert.deepEqual([page.lines[1], branches(page)], ["assistant done: one", ["1/1", "2/2"]]);
    page.chat.switchBranch(key(page, 1), -1);
    assert.deepEqual([page.lines[1], branches(page)], ["assistant done: 1", ["1/1", "1/2"]]);
    page.chat.submit("Two");
    assert.equal(lastSend().parent, "a1");
  });

  test("in the middle of the conversation, what followed belongs to the answer before", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    turn(page, "Two", "2", ["u2", "a2"]);
    page.chat.regenerate(key(page, 1));
    assert.equal(page.lines.length, 2);
    answer("one", ["u1", "a1b"]);
    page.chat.switchBranch(key(page, 1), -1);
    assert.deepEqual(page.lines.slice(2), ["user done: Two", "assistant done: 2"]);
  });

  test("is for answers that are shown, while none is alive", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    const first = key(page, 1);
    assert.equal(page.chat.regenerate(key(page, 0)), false);
    assert.equal(page.chat.regenerate("gone"), false);
    page.chat.regenerate(first);
    assert.equal(page.chat.regenerate(key(page, 1)), false);
    answer("one", ["u1", "a1b"]);
    assert.equal(page.chat.regenerate(first), false, "it is not shown any more");
  });
});

describe("edit", () => {
  test("asks anew from where the question stood", () => {
    const page = edited();
    assert.deepEqual(page.lines, ["user done: Uno", "assistant done: uno!"]);
    assert.deepEqual(branches(page), ["2/2", "1/1"]);
    assert.deepEqual(sends(network.last.sent).at(-1)?.parent, null);
    page.chat.submit("Due");
    assert.equal(lastSend().parent, "a1b");
  });

  test("of a later question continues the answer before it", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    turn(page, "Two", "2", ["u2", "a2"]);
    page.chat.edit(key(page, 2), "Due");
    assert.deepEqual([lastSend().parent, lastSend().text], ["a1", "Due"]);
  });

  test("takes what can be asked, of a question that is shown, while no answer is alive", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    assert.equal(page.chat.edit(key(page, 0), " "), false);
    assert.equal(page.chat.edit(key(page, 1), "Hello"), false);
    assert.equal(page.chat.edit("gone", "Hello"), false);
    assert.equal(page.chat.edit(key(page, 0), "x".repeat(32_001)), false);
    assert.match(page.state.notice ?? "", /too long/);
    assert.equal(page.chat.edit(key(page, 0), "Uno"), true);
    assert.equal(page.state.notice, null);
    assert.equal(page.chat.edit(key(page, 0), "Eins"), false);
    assert.match(page.state.notice ?? "", /save again when it is complete/);
    answer("uno!", ["u1b", "a1b"]);
    page.chat.submit("Two");
    assert.equal(page.state.notice, null);
  });

  test("that can't be sent is withdrawn to what was there before", () => {
    const page = new Page();
    turn(page, "One", "1", ["u1", "a1"]);
    network.last.lose();
    page.chat.edit(key(page, 0), "Uno");
    clock.pass(1_000);
    assert.deepEqual(page.lines, ["user done: Uno"]);
    assert.equal(page.chat.withdraw(key(page, 0)), true);
    assert.deepEqual([page.lines, branches(page)], [["user done: One", "assistant done: 1"], ["1/1", "1/1"]]);
  });

  test("right after Stop does not wait for the stopped answer, which is on another branch", () => {
    const page = new Page();
    const one = ask(page, "One", "u1");
    network.last.receive(one.start(), one.delta("old"));
    page.chat.stop();
    page.chat.edit(key(page, 0), "Uno");
    assert.deepEqual([lastSend().parent, lastSend().text], [null, "Uno"]);
    network.last.receive(one.end(), one.stopped({ id: "a1", parent: "u1" }));
    assert.deepEqual(page.lines, ["user done: Uno", "assistant submitted: "]);
    answer("uno!", ["u1b", "a1b"]);
    page.chat.switchBranch(key(page, 0), -1);
    assert.deepEqual(page.lines, ["user done: One", "assistant stopped: old"]);
    page.chat.submit("More");
    assert.equal(lastSend().parent, "a1", "what was signed meanwhile is continued");
  });
});

describe("branches", () => {
  test("each keeps what was chosen below it", () => {
    const page = edited();
    page.chat.switchBranch(key(page, 0), -1);
    assert.deepEqual(page.lines.slice(2), ["user done: Two", "assistant done: 2"]);
    page.chat.switchBranch(key(page, 0), 1);
    assert.deepEqual(page.lines, ["user done: Uno", "assistant done: uno!"]);
  });

  test("there is none beyond the last, nor while an answer is alive", () => {
    const page = edited();
    page.chat.switchBranch(key(page, 0), 1);
    assert.equal(page.lines[0], "user done: Uno");
    page.chat.submit("Due");
    page.chat.switchBranch(key(page, 0), -1);
    assert.equal(page.lines[0], "user done: Uno");
  });

  test("the history is that of the branch", () => {
    const page = edited();
    page.chat.switchBranch(key(page, 0), -1);
    page.chat.submit("Three");
    network.last.receive({ type: "need-history", run: lastSend().run });
    const history = network.last.sent.filter((frame): frame is HistoryFrame => frame.type === "history").at(-1);
    assert.deepEqual(JSON.parse(history?.text ?? "").map(({ id }: { id: string }) => id), ["u1", "a1", "u2", "a2"]);
  });

  test("they are there after a reload, and the same one is shown", () => {
    const before = edited();
    before.chat.switchBranch(key(before, 0), -1);
    before.chat.dispose();
    const page = new Page();
    assert.deepEqual([page.lines, branches(page)], [before.lines, ["1/2", "1/1", "1/1", "1/1"]]);
    page.chat.switchBranch(key(page, 0), 1);
    assert.deepEqual(page.lines, ["user done: Uno", "assistant done: uno!"]);
  });

  test("a live answer goes on on its own branch after a reload", () => {
    const before = edited();
    before.chat.regenerate(key(before, 1));
    const run = new ScriptedRun(lastSend().run);
    const [start, text] = [run.start(), run.delta("once more")];
    network.last.receive(run.accepted("u1b", null), start, text);
    before.chat.dispose();
    const page = new Page();
    network.last.welcome();
    network.last.receive(start, text, run.end(), run.finish("a1c", "u1b"));
    assert.deepEqual(page.lines, ["user done: Uno", "assistant done: once more"]);
    assert.deepEqual(branches(page), ["2/2", "2/2"]);
  });
});

describe("what is known of a message", () => {
  test("its time and what wrote it, after a reload too", () => {
    const before = new Page();
    clock.pass(5_000);
    before.chat.submit("One");
    network.last.welcome();
    const run = new ScriptedRun(lastSend().run);
    network.last.receive(run.accepted("u1", null, "gpt-5"));
    before.chat.dispose();
    clock.pass(60_000);
    for (const page of [before, new Page()]) {
      const known = page.state.messages.map(({ createdMs, model }) => [createdMs, model]);
      assert.deepEqual(known, [
        [Date.UTC(2026, 10, 27, 0, 0, 5), null],
        [Date.UTC(2026, 10, 27, 0, 0, 5), "gpt-5"],
      ]);
    }
  });
});

describe("files", () => {
  test("go with a question, also without a text, and with its new version", () => {
    const page = new Page();
    assert.equal(page.chat.submit(" ", []), false);
    assert.equal(page.chat.submit("", [fileRef("a.png")]), true);
    network.last.welcome();
    assert.deepEqual([lastSend().text, lastSend().files], ["", ["id of a.png"]]);
    answer("A picture.", ["u1", "a1"]);
    page.chat.edit(key(page, 0), "And what is this?");
    assert.deepEqual([lastSend().text, lastSend().files], ["And what is this?", ["id of a.png"]]);
    assert.deepEqual(page.state.messages[0]?.attachments, [fileRef("a.png")]);
  });
});
