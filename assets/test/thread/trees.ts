import { answerEntry, userEntry } from "../../src/thread/entry";
import { ThreadTree } from "../../src/thread/thread-tree";

/** Adds a question, by default of an easy time. */
export function addQuestion(tree: ThreadTree, key: string, parent: string | null, text: string): void {
  tree.add(userEntry(key, parent, text, 1_000));
}

/** Adds an answer that is complete. */
export function addAnswer(tree: ThreadTree, key: string, parent: string, text: string): void {
  tree.add(answerEntry(key, parent, 2_000));
  const parts = text === "" ? [] : [{ kind: "text", text, ended: true } as const];
  tree.edit(key, { parts, status: "done" });
}

/** Turns one after the other: `q1`, `a1`, `q2`, `a2` … */
export function turns(...pairs: readonly (readonly [question: string, answer: string])[]): ThreadTree {
  const tree = new ThreadTree();
  pairs.forEach(([question, answer], index) => {
    addQuestion(tree, `q${index + 1}`, index === 0 ? null : `a${index}`, question);
    addAnswer(tree, `a${index + 1}`, `q${index + 1}`, answer);
  });
  return tree;
}

/** What is shown, as texts. */
export function shownTexts(tree: ThreadTree): string[] {
  return tree.messages.map(({ parts }) => parts.map((part) => part.text).join(""));
}
