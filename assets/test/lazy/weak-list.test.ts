import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { WeakList } from "../../src/lazy/weak-list.js";

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("WeakList", () => {
  it("calls for each, in the order in which they came", () => {
    const list = new WeakList<{ readonly name: string }>();
    const items = [{ name: "one" }, { name: "two" }];
    items.forEach((item) => list.add(item));
    const seen: string[] = [];
    list.forEach(({ name }) => seen.push(name));
    assert.deepEqual(seen, ["one", "two"]);
    list.clear();
    list.forEach(() => assert.fail());
  });

  it("keeps nothing that nobody else keeps", async () => {
    const list = new WeakList<object>();
    list.add({});
    // What a WeakRef was made of stays until the task is over.
    await new Promise(setImmediate);
    collectGarbage();
    list.forEach(() => assert.fail());
  });
});
