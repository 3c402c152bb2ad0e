import assert from "node:assert/strict";
import { test } from "node:test";
import { openedThread, type OpenedThread } from "../../src/history/opened-thread";
import { ANSWER, kept, QUESTION, turnAfter } from "./kept";

const lines = ({ tree }: OpenedThread) =>
  tree.messages.map(({ role, status, parts }) => `${role} ${status}: ${parts.map(({ text }) => text).join("|")}`);

test("a conversation is as if it had been there all the time", () => {
  const file = { id: "f", name: "a.csv", size: 3, type: "text/csv" };
  const opened = openedThread(
    kept(
      { ...QUESTION, files: [file], view: "[1]", model: "m" },
      {
        ...ANSWER,
        content: [
          { kind: "reasoning", text: "Hm" },
          { kind: "text", text: "1" },
        ],
        model: "m",
        view: "[2]",
        suggestions: ["And?"],
        feedback: { rating: "down" },
      },
    ),
  );
  const [question, answer] = opened.tree.messages;
  assert.deepEqual(lines(opened), ["user done: One", "assistant done: Hm|1"]);
  assert.deepEqual([question!.key, answer!.key], ["run-1-question", "run-1-answer"]);
  assert.deepEqual([question!.attachments, question!.view, question!.model, question!.createdMs], [[file], "[1]", null, 1_000]);
  assert.deepEqual(
    [answer!.model, answer!.view, answer!.suggestions, answer!.rating, answer!.createdMs],
    ["m", "[2]", ["And?"], "down", 2_000],
  );
  assert.deepEqual([opened.id, opened.run], ["thread-kept-000001", null]);
  assert.deepEqual(opened.tree.get("run-1-answer")!.signature, { id: "a1", parent: "u1" });
});

test("answers that have failed say why, others do not", () => {
  const error = { text: "No.", ref: "r" };
  const failed = openedThread(kept(QUESTION, { ...ANSWER, status: "error", error }));
  assert.deepEqual(failed.tree.messages[1]!.error, error);
  for (const status of ["stopped", "interrupted"] as const) {
    const opened = openedThread(kept(QUESTION, { ...ANSWER, status }));
    assert.deepEqual([opened.tree.messages[1]!.status, opened.tree.messages[1]!.error], [status, null]);
  }
});

test("the branch on which something was last said is shown, wherever it begins", () => {
  const again = { ...ANSWER, id: "a1b", run: "run-1b", content: "2" };
  const opened = openedThread(kept(QUESTION, ANSWER, again, ...turnAfter("a1", "2", "Two")));
  assert.deepEqual(lines(opened), ["user done: One", "assistant done: 1", "user done: Two", "assistant done: Two!"]);
  assert.deepEqual(opened.tree.messages[1]!.branch, { index: 0, count: 2 });
  opened.tree.step("run-1-answer", 1);
  assert.deepEqual(lines(opened), ["user done: One", "assistant done: 2"]);
});

test("a last question without an answer is awaited", () => {
  const opened = openedThread(kept(QUESTION, ANSWER, { ...turnAfter("a1", "2", "Two")[0], model: "m" }));
  assert.equal(lines(opened).at(-1), "assistant submitted: ");
  assert.equal(opened.tree.messages.at(-1)!.model, "m");
  const { run } = opened;
  assert.deepEqual([run!.id, run!.question, run!.answer], ["run-2", "run-2-question", "run-2-answer"]);
  assert.deepEqual([run!.accepted, run!.send, run!.state.last], [true, null, null]);
});

test("one that is being answered again is awaited beside the answer that it has", () => {
  const again = { ...QUESTION, run: "run-1b" };
  const opened = openedThread(kept(again, ANSWER));
  assert.equal(opened.run?.id, "run-1b");
  const branches = opened.tree.messages.map(({ status, branch }) => [status, branch.index, branch.count]);
  assert.deepEqual(branches, [
    ["done", 0, 1],
    ["submitted", 1, 2],
  ]);
  assert.equal(openedThread(kept(again)).run?.id, "run-1b");
  assert.equal(openedThread(kept(again, { ...ANSWER, run: "run-1b" })).run, null);
});

test("an earlier one, or one of which nobody knows the run, was interrupted and can be asked again", () => {
  const [question] = turnAfter("a1", "2", "Two");
  const earlier = openedThread(kept(QUESTION, ANSWER, question, ...turnAfter("a1", "3", "Three")));
  assert.equal(earlier.run, null);
  assert.equal(earlier.tree.get("run-2-answer")!.message.status, "interrupted");
  const { run: _, ...brought } = QUESTION;
  const unknown = openedThread(kept(brought));
  assert.deepEqual([unknown.run, lines(unknown)], [null, ["user done: One", "assistant interrupted: "]]);
});

test("a question that others follow without an answer between has none", () => {
  const opened = openedThread(kept(QUESTION, ...turnAfter("u1", "2", "Two")));
  assert.deepEqual(lines(opened), ["user done: One", "user done: Two", "assistant done: Two!"]);
});

test("nothing is a conversation, too", () => {
  const opened = openedThread(kept());
  assert.deepEqual([lines(opened), opened.run], [[], null]);
});
