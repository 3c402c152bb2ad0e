import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, isBlank, keptOf, lastOf, partsOf, shownOf, textOf, unitsOf, viewIn } from "../../src/protocol/content.js";

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

test("the JSON of components is no text to be read, nor does it only grow", () => {
  assert.equal(textOf([text, chart, text]), "Hello\n\nHello");
  assert.equal(unitsOf([text, chart, { ...text, kind: "reasoning" }]), 10);
  assert.ok(!isBlank([chart]));
  assert.ok(isBlank([{ ...text, text: " \n" }]));
});

test("how the author shows an answer is no part of what it says", () => {
  const view = { kind: "view", text: "{}", ended: false } as const;
  assert.deepEqual(shownOf([text, chart, view]), [text, chart]);
  assert.equal(viewIn([text, { ...view, ended: true }]), "{}");
  assert.equal(viewIn([text, view]), null, "as long as it is not whole");
  assert.equal(viewIn([text]), null);
});

test("what is about an answer is neither said in it nor signed", () => {
  const problem = { kind: "problem", text: "{}", ended: true } as const;
  const usage = { kind: "usage", text: '{"input":1}', ended: true } as const;
  const status = { kind: "status", text: '"Searching"', ended: true } as const;
  assert.deepEqual(shownOf([text, problem, usage, status]), [text, problem]);
  assert.equal(contentOf([text, problem]), "Hello");
  assert.equal(contentOf([problem]), "");
  assert.equal(lastOf("usage", [text, usage]), '{"input":1}');
  assert.equal(lastOf("status", [status, { ...status, text: "", ended: false }]), '"Searching"', "while it changes");
  assert.equal(lastOf("usage", [text]), null);
});

test("what is shown besides is kept all the same, and so is how long somebody thought", () => {
  const thought = { kind: "reasoning", text: "Hm", ended: true, ms: 1_200 } as const;
  const problem = { kind: "problem", text: "{}", ended: true } as const;
  assert.deepEqual(partsOf(keptOf([thought, text, problem])), [thought, text, problem]);
  assert.equal(keptOf([text]), "Hello");
  assert.equal(keptOf([]), "");
});

test("a part that was cut is still cut when it is read again: its JSON is none", () => {
  const cut = { kind: "component", text: '{"props', ended: false } as const;
  const kept = keptOf([text, cut, chart]);
  assert.deepEqual(kept, [{ kind: "text", text: "Hello" }, cut, { kind: "component", text: "{}" }]);
  assert.deepEqual(partsOf(JSON.parse(JSON.stringify(kept)) as typeof kept), [text, cut, chart]);
  assert.equal(keptOf([{ ...text, ended: false }]), "Hello", "of a text, what there is can be read");
});
