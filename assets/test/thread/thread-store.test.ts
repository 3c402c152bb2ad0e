import assert from "node:assert/strict";
import { test } from "node:test";
import { answerEntry, sign, userEntry } from "../../src/thread/thread";
import { LiveRun } from "../../src/thread/live-run";
import { ThreadStore } from "../../src/thread/thread-store";
import { MemoryStorage } from "../doubles/memory-storage";

const empty = { thread: [], runs: [] };

test("a thread and its live runs come back as they were", () => {
  const storage = new MemoryStorage();
  const thread = sign([userEntry("q", "Hello"), answerEntry("a")], "q", { id: "u", parent: null });
  const run = new LiveRun("run", "q", "a");
  run.send = { type: "send", run: "run", parent: null, text: "Hello" };
  run.accepted = true;
  const saved = { thread, runs: [run.save()] };
  new ThreadStore(() => storage, "key").save(saved);
  assert.deepEqual(new ThreadStore(() => storage, "key").load(), saved);
  assert.deepEqual(LiveRun.restore(run.save()), run);
});

test("chats do not see each other's threads", () => {
  const storage = new MemoryStorage();
  new ThreadStore(() => storage, "one").save({ thread: [userEntry("q", "Hello")], runs: [] });
  assert.deepEqual(new ThreadStore(() => storage, "two").load(), empty);
});

test("nothing, and what another version or program wrote, is an empty thread", () => {
  const storage = new MemoryStorage();
  for (const text of ["", "null", "{", '{"version":0,"messages":[],"runs":[]}', '{"version":1}', '{"version":1,"messages":[]}', "[]"]) {
    storage.setItem("key", text);
    assert.deepEqual(new ThreadStore(() => storage, "key").load(), empty, text);
  }
});

test("storage that is full or forbidden is no failure", () => {
  const storage = new MemoryStorage();
  storage.fault = new Error("quota");
  const forbidden = () => {
    throw new Error("forbidden");
  };
  for (const store of [new ThreadStore(() => storage, "key"), new ThreadStore(forbidden, "key")]) {
    store.save(empty);
    assert.deepEqual(store.load(), empty);
  }
});
