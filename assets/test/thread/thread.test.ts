import assert from "node:assert/strict";
import { test } from "node:test";
import { answerEntry, chain, edit, find, parentOf, sign, userEntry, type Thread } from "../../src/thread/thread";

const answered = (key: string, text: string) => {
  const entry = answerEntry(key);
  return { ...entry, message: { ...entry.message, parts: [{ kind: "text", text, ended: true }] as const } };
};

/** Two turns; the second answer is not signed. */
function thread(): Thread {
  let made: Thread = [userEntry("q1", "One"), answered("a1", "1"), userEntry("q2", "Two"), answered("a2", "2")];
  made = sign(made, "q1", { id: "u1", parent: null });
  made = sign(made, "a1", { id: "s1", parent: "u1" });
  return sign(made, "q2", { id: "u2", parent: "s1" });
}

test("a message continues the last signed one before it", () => {
  const unsigned: Thread = [...thread(), userEntry("q3", "Three")];
  assert.equal(parentOf(unsigned, "q1"), null);
  assert.equal(parentOf(unsigned, "q2"), "s1");
  assert.equal(parentOf(unsigned, "q3"), "u2");
});

test("the chain runs from the root to the message", () => {
  assert.deepEqual(chain(thread(), "u2"), [
    { id: "u1", parent: null, role: "user", content: "One" },
    { id: "s1", parent: "u1", role: "assistant", content: "1" },
    { id: "u2", parent: "s1", role: "user", content: "Two" },
  ]);
  assert.deepEqual(chain(thread(), null), []);
});

test("the chain follows parents, not neighbours", () => {
  let other = thread();
  other = sign([...other, userEntry("q3", "Three")], "q3", { id: "u3", parent: "u1" });
  assert.deepEqual(chain(other, "u3").map(({ id }) => id), ["u1", "u3"]);
});

test("a chain that is broken or circular ends", () => {
  assert.deepEqual(chain(thread(), "unknown"), []);
  const circular = sign(thread(), "q1", { id: "u1", parent: "u2" });
  assert.ok(chain(circular, "u2").length <= circular.length + 1);
});

test("an edit changes one entry and shares the others", () => {
  const before = thread();
  const after = sign(before, "a2", { id: "s2", parent: "u2" });
  assert.equal(after[0], before[0]);
  assert.equal(after[3]?.message, before[3]?.message);
  assert.equal(find(after, "a2")?.signature?.id, "s2");
  assert.equal(edit(before, "gone", () => assert.fail()), before);
});
