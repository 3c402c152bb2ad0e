import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SnapshotPart } from "../../src/protocol/frames.js";
import { OpenQuestions, openQuestion } from "../../src/thread/open-questions.js";

const part = (text: string, ended = true): SnapshotPart => ({ kind: "ask", text, ended });
const open = JSON.stringify({ state: "open", seconds: 60 });
const answered = JSON.stringify({ state: "answered", seconds: 60 });

describe("OpenQuestions", () => {
  test("an answer is sent once for each connection, until the question changes", () => {
    const questions = new OpenQuestions();
    assert.deepEqual(questions.take(), []);
    questions.give(2, "Yes", open);
    assert.deepEqual(questions.take(), [{ part: 2, value: "Yes" }]);
    assert.deepEqual(questions.take(), []);
    questions.reconnected();
    assert.deepEqual(questions.take(), [{ part: 2, value: "Yes" }]);
    questions.settle([part(open), part(open), part(open)]);
    assert.equal(questions.isEmpty, false);
    questions.settle([part(open), part(open), part(answered)]);
    assert.equal(questions.isEmpty, true);
    questions.reconnected();
    assert.deepEqual(questions.take(), []);
  });

  test("a question that is changing, or was not read yet, is not settled", () => {
    const questions = new OpenQuestions();
    questions.give(0, "Yes", open);
    questions.settle([]);
    questions.settle([part(answered, false)]);
    assert.equal(questions.isEmpty, false);
  });

  test("what is given again is sent again", () => {
    const questions = new OpenQuestions();
    questions.give(0, "Yes", open);
    questions.take();
    questions.give(0, "No", open);
    assert.deepEqual(questions.take(), [{ part: 0, value: "No" }]);
  });

  test("what the server does not take is forgotten", () => {
    const questions = new OpenQuestions();
    questions.give(0, "Yes", open);
    questions.forget();
    assert.equal(questions.isEmpty, true);
  });

  test("answers are kept over a reload, after which they count as not sent", () => {
    const questions = new OpenQuestions();
    questions.give(0, { a: [1] }, open);
    questions.take();
    const restored = new OpenQuestions(JSON.parse(JSON.stringify(questions.save())) as ReturnType<OpenQuestions["save"]>);
    assert.deepEqual(restored.take(), [{ part: 0, value: { a: [1] } }]);
  });
});

test("a question waits while its part is complete and open", () => {
  assert.deepEqual(openQuestion(part(open)), { seconds: 60 });
  for (const other of [part(answered), part(open, false), part('{"state":"op', false), { ...part(open), kind: "tool" } as const]) {
    assert.equal(openQuestion(other), null);
  }
});
