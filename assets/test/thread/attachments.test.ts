import assert from "node:assert/strict";
import { test } from "node:test";
import { chain } from "../../src/thread/chain";
import { answerEntry, userEntry } from "../../src/thread/entry";
import { historyFrames } from "../../src/thread/history";
import { LiveRun } from "../../src/thread/live-run";
import { newSend } from "../../src/thread/sending";
import { ThreadStore } from "../../src/thread/thread-store";
import { ThreadTree } from "../../src/thread/thread-tree";
import { fileRef } from "../doubles/fake-uploader";
import { MemoryStorage } from "../doubles/memory-storage";

const FILES = [fileRef("a.png"), fileRef("b.csv", "text/csv")];

function asked(): ThreadTree {
  const tree = new ThreadTree();
  tree.add(userEntry("q1", null, "", 1_000, FILES));
  tree.add(answerEntry("a1", "q1", 2_000));
  return tree;
}

test("a send names its files, once and not when it is answered again", () => {
  const tree = asked();
  const run = new LiveRun("run", "q1", "a1");
  const send = { type: "send", run: "run", parent: null, text: "", files: ["id of a.png", "id of b.csv"] };
  assert.deepEqual(newSend(tree, run, null), send);
  tree.sign("q1", { id: "u1", parent: null });
  assert.deepEqual(newSend(tree, run, null), { type: "send", run: "run", parent: "u1", text: null });
});

test("the history brings files by their names, and none where there are none", () => {
  const tree = asked();
  tree.sign("q1", { id: "u1", parent: null });
  tree.sign("a1", { id: "s1", parent: "u1" });
  const [frame] = historyFrames("run", chain(tree, "s1"));
  assert.deepEqual(JSON.parse(frame!.text), [
    { id: "u1", parent: null, role: "user", content: "", files: FILES },
    { id: "s1", parent: "u1", role: "assistant", content: "" },
  ]);
});

test("files come back with their message after a reload", () => {
  const storage = new MemoryStorage();
  const waiting = { messages: [], isHeld: false };
  new ThreadStore(() => storage, "key").save({ thread: null, tree: asked(), runs: [], withdrawn: [], feedback: [], waiting });
  const { tree } = new ThreadStore(() => storage, "key").load();
  assert.deepEqual(tree.get("q1")!.message.attachments, FILES);
  assert.deepEqual(tree.messages, asked().messages.map((message) => ({ ...message, parts: message.role === "user" ? [] : message.parts })));
});
