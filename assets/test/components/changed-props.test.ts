import assert from "node:assert/strict";
import { test } from "node:test";
import { changedProps, isElement } from "../../src/components/changed-props.js";

const element = (props: Record<string, unknown>) => ({ namespace: "n", type: "T", props });
const changed = (before: Record<string, unknown>, now: Record<string, unknown>) => changedProps(element(before), element(now));

test("only what is another value has changed", () => {
  const same = { id: "a", text: "x", none: null, list: [1, { b: [2] }], flag: false };
  assert.deepEqual(changed(same, structuredClone(same)), {});
  assert.deepEqual(changed(same, { ...structuredClone(same), text: "y", flag: true }), { text: "y", flag: true });
  assert.deepEqual(changed({}, { text: "x" }), { text: "x" });
});

test("what looks alike is not the same", () => {
  const values: unknown[] = [0, "0", "", null, false, [], {}, [0], { 0: 0 }, [[]], [{}], { a: null }, { b: null }, { a: 0, b: 0 }, [0, 0], "[object Object]"];
  for (const one of values) {
    for (const other of values) {
      assert.equal(Object.keys(changed({ it: one }, { it: structuredClone(other) })).length, one === other ? 0 : 1, JSON.stringify([one, other]));
    }
  }
});

test("names that every object has are names like any other", () => {
  const parse = (text: string) => JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual(Object.keys(changed(parse('{"a":{"constructor":1}}'), parse('{"a":{"b":1}}'))), ["a"]);
  assert.deepEqual(Object.keys(changed(parse('{"a":{"b":1}}'), parse('{"a":{"__proto__":1}}'))), ["a"]);
  assert.deepEqual(changed({}, parse('{"constructor":1}')), { constructor: 1 });
});

test("an element is what has a type and properties", () => {
  assert.equal(isElement(element({})), true);
  for (const other of [null, "text", 5, [], [element({})], {}, { type: "T" }, { props: {} }]) {
    assert.equal(isElement(other), false);
  }
});
