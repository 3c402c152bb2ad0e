import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SnapshotPart } from "../../src/protocol/frames.js";
import { OpenQuestions, openQuestion } from "../../src/thread/open-questions.js";

const part = (text: string, ended = true): SnapshotPart => ({ kind: "ask", text, ended });
const text: SnapshotPart = { kind: "text", text: "Hello", ended: true };
const open = JSON.stringify({ state: "open", seconds: 60 });
const answered = JSON.stringify({ state: "answered", seconds: 60 });

describe("OpenQuestions", () => {
  test("an answer is sent once for each connection, until the question changes", () => {
    const questions = new OpenQuestions();
    const asked = [text, text, part(open)];
    assert.deepEqual(questions.take(asked), []);
    questions.give(open, "Yes", asked);
    assert.deepEqual(questions.take(asked), [{ part: 2, value: "Yes" }]);
    assert.deepEqual(questions.take(asked), []);
    questions.reconnected();
    assert.deepEqual(questions.take(asked), [{ part: 2, value: "Yes" }]);
    questions.settle(asked);
    assert.equal(questions.isEmpty, false);
    questions.settle([text, text, part(answered)]);
    assert.equal(questions.isEmpty, true);
    questions.reconnected();
    assert.deepEqual(questions.take(asked), []);
  });

  test("it waits until the question was read, again after a reload, and is complete", () => {
    const questions = new OpenQuestions();
    questions.give(open, "Yes", []);
    assert.deepEqual(questions.take([]), []);
    assert.deepEqual(questions.take([part(open, false)]), []);
    questions.settle([]);
    assert.deepEqual(questions.take([part(open)]), [{ part: 0, value: "Yes" }]);
  });

  test("of two questions that are the same, the last one is asked", () => {
    const questions = new OpenQuestions();
    questions.give(open, "Yes", []);
    assert.deepEqual(questions.take([part(open), text, part(open)]), [{ part: 2, value: "Yes" }]);
  });

  test("an answer is that of its question, also when the same is asked again while there is no connection", () => {
    const questions = new OpenQuestions();
    questions.give(open, "Yes", [part(open)]);
    questions.take([part(open)]);
    questions.reconnected();
    questions.settle([part(answered), part(open)]);
    assert.equal(questions.isEmpty, true);
    assert.deepEqual(questions.take([part(answered), part(open)]), []);
  });

  test("a question that is changing is not settled", () => {
    const questions = new OpenQuestions();
    questions.give(open, "Yes", []);
    questions.take([part(open)]);
    questions.settle([part(answered, false)]);
    assert.equal(questions.isEmpty, false);
  });

  test("what is given again is sent again", () => {
    const questions = new OpenQuestions();
    questions.give(open, "Yes", []);
    questions.take([part(open)]);
    questions.give(open, "No", [part(open)]);
    assert.deepEqual(questions.take([part(open)]), [{ part: 0, value: "No" }]);
  });

  test("what the page is asked to do is answered like that too", () => {
    const questions = new OpenQuestions();
    questions.give(open, { done: true }, []);
    assert.deepEqual(questions.take([{ ...part(open), kind: "action" }]), [{ part: 0, value: { done: true } }]);
  });

  test("what the server does not take is forgotten", () => {
    const questions = new OpenQuestions();
    questions.give(open, "Yes", []);
    questions.forget();
    assert.equal(questions.isEmpty, true);
  });

  test("answers are kept over a reload, after which they count as not sent", () => {
    const questions = new OpenQuestions();
    questions.give(open, { a: [1] }, []);
    questions.take([part(open)]);
    const restored = new OpenQuestions(JSON.parse(JSON.stringify(questions.save())) as ReturnType<OpenQuestions["save"]>);
    assert.deepEqual(restored.take([part(open)]), [{ part: 0, value: { a: [1] } }]);
  });
});

test("a question waits while its part is complete and open", () => {
  assert.deepEqual(openQuestion(part(open)), { seconds: 60 });
  for (const other of [part(answered), part(open, false), part('{"state":"op', false), { ...part(open), kind: "tool" } as const]) {
    assert.equal(openQuestion(other), null);
  }
});
