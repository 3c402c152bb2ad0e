import assert from "node:assert/strict";
import { test } from "node:test";
import { chain, parentOf } from "../../src/thread/chain";
import type { ThreadTree } from "../../src/thread/thread-tree";
import { addAnswer, addQuestion, turns } from "./trees";

/** Two turns; the second answer is not signed. */
function signed(): ThreadTree {
  const tree = turns(["One", "1"], ["Two", "2"]);
  tree.sign("q1", { id: "u1", parent: null });
  tree.sign("a1", { id: "s1", parent: "u1" });
  tree.sign("q2", { id: "u2", parent: "s1" });
  return tree;
}

test("a message continues the nearest signed one above it", () => {
  const tree = signed();
  addQuestion(tree, "q3", "a2", "Three");
  assert.equal(parentOf(tree, "q1"), null);
  assert.equal(parentOf(tree, "q2"), "s1");
  assert.equal(parentOf(tree, "q3"), "u2");
});

test("a message of another branch continues what it follows, not what is shown", () => {
  const tree = signed();
  addQuestion(tree, "q2b", "a1", "Two, differently");
  assert.equal(parentOf(tree, "q2b"), "s1");
});

test("the chain runs from the root to the message", () => {
  assert.deepEqual(chain(signed(), "u2"), [
    { id: "u1", parent: null, role: "user", content: "One" },
    { id: "s1", parent: "u1", role: "assistant", content: "1" },
    { id: "u2", parent: "s1", role: "user", content: "Two" },
  ]);
  assert.deepEqual(chain(signed(), null), []);
});

test("the chain follows signed parents, on whatever branch", () => {
  const tree = signed();
  addAnswer(tree, "a1b", "q1", "One, again");
  tree.sign("a1b", { id: "s1b", parent: "u1" });
  assert.deepEqual(chain(tree, "s1b").map(({ id }) => id), ["u1", "s1b"]);
  assert.deepEqual(chain(tree, "u2").map(({ id }) => id), ["u1", "s1", "u2"]);
});

test("a chain that is broken or circular ends", () => {
  assert.deepEqual(chain(signed(), "unknown"), []);
  const tree = signed();
  tree.sign("q1", { id: "u1", parent: "u2" });
  assert.ok(chain(tree, "u2").length <= 4);
});
