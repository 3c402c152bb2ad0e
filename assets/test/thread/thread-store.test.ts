import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { LiveRun, type SavedRun } from "../../src/thread/live-run";
import { ThreadStore, type SavedThread } from "../../src/thread/thread-store";
import { ThreadTree } from "../../src/thread/thread-tree";
import { MemoryStorage } from "../doubles/memory-storage";
import { addAnswer, addQuestion, shownTexts, turns } from "./trees";

const NONE = { messages: [], isHeld: false };
const empty = (): SavedThread => ({ thread: null, tree: new ThreadTree(), runs: [], withdrawn: [], feedback: [], waiting: NONE });
const plain = ({ tree, ...rest }: SavedThread) => ({ ...rest, entries: [...tree.entries], choices: tree.choices });
const items = (storage: Storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");

test("a thread and its live runs come back as they were", () => {
  const storage = new MemoryStorage();
  const tree = turns(["Hello", "Hi"], ["And?", "More"]);
  tree.sign("q1", { id: "u", parent: null });
  tree.edit("a1", { rating: "up", model: "m" });
  addAnswer(tree, "a1b", "q1", "Hi again");
  tree.step("a1b", -1);
  const run = new LiveRun("run", "q2", "a2");
  run.send = { type: "send", run: "run", parent: null, text: "Hello" };
  run.accepted = true;
  const frame = { type: "feedback", run: "r1", message: "s1", rating: "up", comment: "Yes" } as const;
  const message = { id: "m1", text: "Later", attachments: [], createdMs: 7, run: "run", way: "sent" } as const;
  const waiting = { messages: [message], isHeld: true };
  const saved = { thread: "thread-1", tree, runs: [run.save()], withdrawn: ["gone"], feedback: [{ frame, told: null }], waiting };
  new ThreadStore(() => storage, "key").save(saved);
  const loaded = new ThreadStore(() => storage, "key").load();
  assert.deepEqual(plain(loaded), plain(saved));
  assert.deepEqual(loaded.tree.messages, tree.messages);
  assert.deepEqual(LiveRun.restore(run.save()), run);
});

test("another thread takes the place of the one before", () => {
  const storage = new MemoryStorage();
  const store = new ThreadStore(() => storage, "key");
  store.save({ ...empty(), tree: turns(["Hello", "Hi"], ["And?", "More"]) });
  store.empty();
  assert.equal(storage.length, 0);
  // Nothing of it has changed since it was read.
  store.save({ ...empty(), thread: "thread-2", tree: ThreadTree.of([...turns(["Other", "Yes"]).entries], []) });
  const loaded = new ThreadStore(() => storage, "key").load();
  assert.deepEqual([loaded.thread, shownTexts(loaded.tree)], ["thread-2", ["Other", "Yes"]]);
  assert.equal(storage.length, 3);
});

test("chats do not see each other's threads", () => {
  const storage = new MemoryStorage();
  new ThreadStore(() => storage, "one").save({ ...empty(), tree: turns(["Hello", "Hi"]) });
  for (const other of ["two", "on", "one ", "one two"]) {
    const store = new ThreadStore(() => storage, other);
    assert.deepEqual(plain(store.load()), plain(empty()));
    store.save(empty());
  }
  assert.equal(new ThreadStore(() => storage, "one").load().tree.messages.length, 2);
});

test("nothing, and what another version or program wrote, is an empty thread, and is cleaned up", () => {
  const texts = ["", "null", "{", '{"version":2,"messages":[],"runs":[]}', '{"version":3}', "[]"];
  for (const text of texts) {
    const storage = new MemoryStorage();
    new ThreadStore(() => storage, "key").save({ ...empty(), tree: turns(["Hello", "Hi"]) });
    storage.setItem("key", text);
    storage.setItem("another program's", "kept");
    assert.deepEqual(plain(new ThreadStore(() => storage, "key").load()), plain(empty()), text);
    assert.deepEqual(items(storage), ["another program's"]);
  }
});

test("storage that is full or forbidden is no failure", () => {
  const storage = new MemoryStorage();
  storage.fault = new Error("quota");
  const forbidden = () => {
    throw new Error("forbidden");
  };
  for (const store of [new ThreadStore(() => storage, "key"), new ThreadStore(forbidden, "key")]) {
    store.save(empty());
    assert.deepEqual(plain(store.load()), plain(empty()));
    assert.equal(store.isEmpty, true);
  }
});

test("what the storage has lost meanwhile is written again", () => {
  const storage = new MemoryStorage();
  const store = new ThreadStore(() => storage, "key");
  const tree = turns(["One", "1"]);
  store.save({ ...empty(), tree });
  storage.fault = new Error("quota");
  store.save({ ...empty(), tree });
  assert.equal(storage.length, 0);
  storage.fault = null;
  addQuestion(tree, "q2", "a1", "Two");
  store.save({ ...empty(), tree });
  assert.deepEqual(shownTexts(new ThreadStore(() => storage, "key").load().tree), ["One", "1", "Two"]);
});

test("what could not be left out is written again when there is room", () => {
  const storage = new MemoryStorage();
  const store = new ThreadStore(() => storage, "key");
  const tree = turns(["One", "1"]);
  const live = { run: "run", question: "q1", answer: "a1", send: null, accepted: true, stopping: true, inputs: [], answers: [], acted: [] };
  storage.fault = new Error("quota");
  store.save({ ...empty(), tree, runs: [live] });
  storage.fault = null;
  addQuestion(tree, "q2", "a1", "Two");
  store.save({ ...empty(), tree, runs: [live] });
  assert.deepEqual(shownTexts(new ThreadStore(() => storage, "key").load().tree), ["One", "1", "Two"]);
});

describe("each message for itself", () => {
  /** The items that saving writes, and the characters in them. */
  function written(store: ThreadStore, storage: MemoryStorage, tree: ThreadTree): [string[], number] {
    storage.log.length = 0;
    store.save({ ...empty(), tree });
    return [storage.log.map(([key]) => key), storage.log.flat().join("").length];
  }

  test("what has not changed is not written again, be there much of it or little", () => {
    const costs = [2, 100, 500].map((count) => {
      const storage = new MemoryStorage();
      const store = new ThreadStore(() => storage, "key");
      const tree = turns(...Array.from({ length: count }, () => ["a question", "an answer"] as const));
      written(store, storage, tree);
      addQuestion(tree, "question", `a${count}`, "Hello");
      const [keys, length] = written(store, storage, tree);
      assert.deepEqual(keys, ["key\nquestion", "key"]);
      return length;
    });
    assert.ok(Math.max(...costs) <= Math.min(...costs) + 8, String(costs));
  });

  test("also after a reload, and also on a fork", () => {
    const storage = new MemoryStorage();
    new ThreadStore(() => storage, "key").save({ ...empty(), tree: turns(["One", "1"], ["Two", "2"]) });
    const store = new ThreadStore(() => storage, "key");
    const { tree } = store.load();
    addQuestion(tree, "q2b", "a1", "Two, differently");
    tree.edit("a1", { rating: "up" });
    const [keys] = written(store, storage, tree);
    assert.deepEqual(keys.filter((key) => key !== "key\nq2"), ["key\nq2b", "key\na1", "key"]);
  });

  test("what is gone from the thread is gone from the storage", () => {
    const storage = new MemoryStorage();
    const store = new ThreadStore(() => storage, "key");
    const tree = turns(["One", "1"], ["Two", "2"]);
    store.save({ ...empty(), tree });
    tree.remove("q2");
    store.save({ ...empty(), tree });
    assert.deepEqual(items(storage).sort(), ["key", "key\na1", "key\nq1"]);
    tree.clear();
    store.save({ ...empty(), tree });
    assert.deepEqual(items(storage), ["key"]);
    tree.undoClear();
    store.save({ ...empty(), tree });
    assert.deepEqual(shownTexts(new ThreadStore(() => storage, "key").load().tree), ["One", "1"]);
  });
});

describe("storage that is too small", () => {
  const long = "x".repeat(1_000);
  const thread = () => turns([long, ""], [long, ""], [long, ""], [long, ""]);
  const live: SavedRun = { run: "run", question: "q3", answer: "a3", send: null, accepted: true, stopping: true, inputs: [], answers: [], acted: [] };

  function keys(quota: number, runs: SavedRun[], tree = thread()): string[] {
    const storage = new MemoryStorage();
    storage.setItem("key", "an older state");
    storage.quota = quota;
    const store = new ThreadStore(() => storage, "key");
    store.save({ ...empty(), tree, runs, withdrawn: ["gone"] });
    const kept = new ThreadStore(() => storage, "key").load();
    assert.deepEqual(kept.runs, kept.withdrawn.length > 0 ? runs : []);
    return [...kept.withdrawn, ...[...kept.tree.entries].map(({ message }) => message.key)];
  }

  test("keeps the latest turns, whole", () => {
    assert.deepEqual(keys(4_000, []), ["gone", "q3", "a3", "q4", "a4"]);
    assert.deepEqual(keys(2_000, []), ["gone", "q4", "a4"]);
  });

  test("keeps what is still to be told, if nothing else", () => {
    assert.deepEqual(keys(1_000, []), ["gone"]);
    assert.deepEqual(keys(10, []), []);
  });

  test("keeps what live runs write to, or forgets all", () => {
    assert.equal(keys(4_000, [live]).length, 5);
    assert.deepEqual(keys(2_000, [live]), []);
  });

  test("a turn goes with what followed it on other branches, and keeps its own", () => {
    const tree = thread();
    addQuestion(tree, "q2b", "a1", long);
    addAnswer(tree, "a2b", "q2b", "");
    tree.step("q2b", -1);
    addQuestion(tree, "q4b", "a3", "short");
    tree.step("q4b", -1);
    assert.deepEqual(keys(2_500, [], tree), ["gone", "q4", "a4", "q4b"]);
  });

  describe("and has room again", () => {
    let storage: MemoryStorage;
    let store: ThreadStore;
    let tree: ThreadTree;

    beforeEach(() => {
      storage = new MemoryStorage();
      storage.quota = 4_000;
      store = new ThreadStore(() => storage, "key");
      tree = thread();
      save();
      assert.deepEqual(kept(), ["q3", "a3", "q4", "a4"]);
    });

    const save = () => store.save({ ...empty(), tree });
    const load = () => new ThreadStore(() => storage, "key").load().tree;
    const kept = () => [...load().entries].map(({ message }) => message.key);

    test("what was left out comes back, the latest turn first, to its place", () => {
      storage.quota = Infinity;
      addQuestion(tree, "q5", "a4", "Five");
      save();
      assert.deepEqual(kept(), ["q2", "a2", "q3", "a3", "q4", "a4", "q5"]);
      save();
      assert.deepEqual(shownTexts(load()), [long, "", long, "", long, "", long, "", "Five"]);
      storage.log.length = 0;
      save();
      assert.deepEqual(storage.log.map(([key]) => key), ["key"]);
    });

    test("not half a turn, and as it is by then", () => {
      const question = storage.getItem("key\nq3")!.length;
      tree.edit("a2", { rating: "up" });
      storage.quota = [...items(storage)].flatMap((key) => [key, storage.getItem(key)]).join("").length + question + 100;
      save();
      assert.deepEqual(kept(), ["q3", "a3", "q4", "a4"]);
      storage.quota = Infinity;
      save();
      assert.equal(load().get("a2")?.message.rating, "up");
    });

    test("a turn comes with what followed it on other branches", () => {
      addQuestion(tree, "q2b", "a1", "short");
      tree.step("q2b", -1);
      save();
      storage.quota = Infinity;
      save();
      save();
      const loaded = load();
      assert.deepEqual([...loaded.entries].map(({ message }) => message.key), [...tree.entries].map(({ message }) => message.key));
      assert.deepEqual(loaded.messages, tree.messages);
    });

    test("after what took it has been cleared and brought back", () => {
      tree.clear();
      save();
      storage.quota = Infinity;
      tree.undoClear();
      save();
      assert.deepEqual(kept(), ["q1", "a1", "q2", "a2", "q3", "a3", "q4", "a4"]);
    });
  });
});
