import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft } from "../../src/view/draft.js";
import { MemoryStorage } from "../doubles/memory-storage.js";

test("a draft is kept under its key, and nothing when there is nothing", () => {
  const storage = new MemoryStorage();
  const draft = new Draft(() => storage, "one draft");
  assert.equal(draft.load(), "");
  draft.save("Half a quest");
  assert.equal(new Draft(() => storage, "one draft").load(), "Half a quest");
  assert.equal(new Draft(() => storage, "other draft").load(), "");
  draft.save("");
  assert.equal(storage.length, 0);
});

test("a storage that is full or forbidden is no reason to fail", () => {
  const storage = new MemoryStorage();
  storage.fault = new Error("forbidden");
  const draft = new Draft(() => storage, "draft");
  draft.save("text");
  assert.equal(draft.load(), "");
});
