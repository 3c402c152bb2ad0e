import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, isBlank, partsOf, saidBy, textOf, unitsOf, viewIn } from "../../src/protocol/content.js";

const text = { kind: "text", text: "Hello", ended: true } as const;
const chart = { kind: "component", text: "{}", ended: true } as const;

test("what is nothing but one text is that text, as the server signs it", () => {
  assert.equal(contentOf([text]), "Hello");
  assert.deepEqual(partsOf("Hello"), [text]);
});

test("nothing is an empty text", () => {
  assert.equal(contentOf([]), "");
  assert.equal(contentOf([{ ...text, text: "" }]), "");
  assert.deepEqual(partsOf(""), []);
});

test("anything else keeps its parts", () => {
  for (const parts of [[chart], [text, chart], [text, text]]) {
    assert.deepEqual(contentOf(parts), parts.map(({ kind, text: content }) => ({ kind, text: content })));
    assert.deepEqual(partsOf(contentOf(parts)), parts);
  }
});

test("the JSON of components is no text to be read, but it counts", () => {
  assert.equal(textOf([text, chart, text]), "HelloHello");
  assert.equal(unitsOf([text, chart]), 7);
  assert.ok(!isBlank([chart]));
  assert.ok(isBlank([{ ...text, text: " \n" }]));
});

test("how the author shows an answer is no part of what it says", () => {
  const view = { kind: "view", text: "{}", ended: false } as const;
  assert.deepEqual(saidBy([text, chart, view]), [text, chart]);
  assert.equal(viewIn([text, { ...view, ended: true }]), "{}");
  assert.equal(viewIn([text, view]), null, "as long as it is not whole");
  assert.equal(viewIn([text]), null);
});
