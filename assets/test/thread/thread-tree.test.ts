import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ThreadTree } from "../../src/thread/thread-tree";
import { addAnswer, addQuestion, shownTexts, turns } from "./trees";

const branches = (tree: ThreadTree) => tree.messages.map(({ branch }) => `${branch.index + 1}/${branch.count}`);

/** Two turns; the first question has a second version, which is shown, and the second has two answers. */
function forked(): ThreadTree {
  const tree = turns(["One", "1"], ["Two", "2"]);
  addAnswer(tree, "a2b", "q2", "two");
  addQuestion(tree, "q1b", null, "Uno");
  return tree;
}

describe("a tree", () => {
  test("shows the path that was chosen last", () => {
    const tree = forked();
    assert.deepEqual([shownTexts(tree), branches(tree)], [["Uno"], ["2/2"]]);
    tree.step("q1b", -1);
    assert.deepEqual(shownTexts(tree), ["One", "1", "Two", "two"]);
    assert.deepEqual(branches(tree), ["1/2", "1/1", "1/1", "2/2"]);
    tree.step("a2b", -1);
    assert.deepEqual([shownTexts(tree).at(-1), [...tree.choices].sort()], ["2", ["a2", "q1"]]);
  });

  test("has nothing beyond the first and the last, nor beside a stranger", () => {
    const tree = forked();
    for (const [key, places] of [["q1b", 1], ["q1", -1], ["stranger", 0], ["stranger", 1]] as const) {
      tree.step(key, places);
      assert.deepEqual(shownTexts(tree), ["Uno"]);
    }
  });

  test("loses what is removed, with all below it, and shows the neighbour", () => {
    const tree = forked();
    tree.remove("q1b");
    assert.deepEqual(branches(tree), ["1/1", "1/1", "1/1", "2/2"]);
    addQuestion(tree, "q1c", null, "Eins");
    tree.remove("q1");
    assert.deepEqual([...tree.entries].map(({ message }) => message.key), ["q1c"]);
    tree.remove("q1c");
    tree.remove("q1c");
    assert.deepEqual([tree.messages, tree.last, tree.choices], [[], undefined, []]);
  });

  test("that loses what is not shown goes on showing what it does", () => {
    const tree = forked();
    tree.remove("q1");
    assert.deepEqual([shownTexts(tree), branches(tree)], [["Uno"], ["1/1"]]);
  });

  test("hides the answer that nobody works on, below what is pending", () => {
    const tree = turns(["One", "1"]);
    tree.edit("q1", { pending: true });
    assert.deepEqual([shownTexts(tree), tree.last?.message.key], [["One"], "a1"]);
    tree.edit("a1", { status: "streaming" });
    assert.deepEqual(shownTexts(tree), ["One"]);
    tree.edit("q1", { pending: false });
    assert.deepEqual(shownTexts(tree), ["One", "1"]);
  });

  test("an edit changes one message and shares the others", () => {
    const tree = turns(["One", "1"], ["Two", "2"]);
    const before = tree.messages;
    assert.equal(tree.messages, before);
    tree.edit("a1", { status: "stopped" });
    assert.notEqual(tree.messages, before);
    assert.deepEqual(tree.messages.map((message, index) => message === before[index]), [true, false, true, true]);
    const after = tree.messages;
    tree.edit("gone", { status: "stopped" });
    assert.equal(tree.messages, after);
  });

  test("a signature is no news to those who look", () => {
    const tree = turns(["One", "1"]);
    const before = tree.messages;
    tree.sign("q1", { id: "u1", parent: null });
    tree.sign("gone", { id: "u1", parent: null });
    assert.deepEqual(tree.get("q1")?.signature, { id: "u1", parent: null });
    assert.equal(tree.messages[0], before[0]);
    tree.forgetSignatures();
    assert.equal(tree.get("q1")?.signature, null);
  });

  test("knows what a message follows", () => {
    const keys = (key: string) => [...forked().upwards(key)].map(({ message }) => message.key);
    assert.deepEqual([keys("a2b"), keys("q1b"), keys("stranger")], [["a2b", "q2", "a1", "q1"], ["q1b"], []]);
  });

  test("what follows an unknown message begins the conversation", () => {
    const entries = [...turns(["One", "1"], ["Two", "2"]).entries].slice(2);
    assert.deepEqual(shownTexts(ThreadTree.of(entries, [])), ["Two", "2"]);
  });

  test("that is cleared shows and tells nothing, until it is undone or something is added", () => {
    const tree = forked();
    tree.clear();
    assert.deepEqual([tree.isCleared, tree.messages, [...tree.entries], tree.choices], [true, [], [], []]);
    tree.edit("q1b", { status: "done" });
    tree.undoClear();
    assert.deepEqual([tree.isCleared, shownTexts(tree)], [false, ["Uno"]]);
    tree.clear();
    addQuestion(tree, "new", null, "New");
    assert.deepEqual([tree.isCleared, shownTexts(tree), branches(tree)], [false, ["New"], ["1/1"]]);
    assert.equal(tree.get("q1"), undefined);
  });
});
