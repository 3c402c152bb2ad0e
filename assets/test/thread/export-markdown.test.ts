import assert from "node:assert/strict";
import { test } from "node:test";
import { exportMarkdown } from "../../src/thread/export-markdown";
import { userEntry } from "../../src/thread/entry";
import { ThreadTree } from "../../src/thread/thread-tree";
import { fileRef } from "../doubles/fake-uploader";
import type { MessageState, PartState } from "../../src/state";
import { turns } from "./trees";

const WORDS = { user: "You", assistant: "Assistant", files: "Attached files", component: "a chart", sources: "Sources", asked: "Asked", file: "File", undone: "Undone", notDone: "Not done" };

test("messages stand under their speaker, with time and model", () => {
  const tree = turns(["What is *it*?", "# A title\n\nIt is."]);
  tree.edit("q1", { createdMs: new Date(2026, 0, 2, 3, 4).getTime() });
  tree.edit("a1", { createdMs: new Date(2026, 10, 27, 13, 5).getTime(), model: "gpt-5" });
  assert.equal(
    exportMarkdown(tree.messages, WORDS),
    "## You\n\n*2026-01-02 03:04*\n\nWhat is *it*?\n\n" +
      "## Assistant\n\n*2026-11-27 13:05 · gpt-5*\n\n# A title\n\nIt is.\n",
  );
});

test("files are listed with their sizes, also those of a message without text", () => {
  const tree = new ThreadTree();
  const files = [fileRef("photo.png"), fileRef("[a](b) *c*_d.csv", "text/csv", 999_999)];
  tree.add(userEntry("q1", null, "What is this?", new Date(2026, 0, 2, 3, 4).getTime(), files));
  tree.add(userEntry("q2", "q1", "", new Date(2026, 0, 2, 3, 5).getTime(), [fileRef("1. list.txt", "text/plain", 5)]));
  assert.equal(
    exportMarkdown(tree.messages, WORDS),
    "## You\n\n*2026-01-02 03:04*\n\nAttached files:\n\n- photo.png (1.2 KB)\n- \\[a\\](b) \\*c\\*\\_d.csv (1 MB)\n\n" +
      "What is this?\n\n## You\n\n*2026-01-02 03:05*\n\nAttached files:\n\n- 1\\. list.txt (5 B)\n",
  );
});

test("an answer without text is left out", () => {
  const text = exportMarkdown(turns(["One", ""], ["Two", "2"]).messages, WORDS);
  assert.deepEqual(text.match(/^## .*$/gm), ["## You", "## You", "## Assistant"]);
});

const FENCES = [
  ["```py\nx = 1", "```"],
  ["~~~~\n```\nx", "~~~~"],
  ["```\nx\n``` no end", "```"],
  ["```\nx\n```", null],
  ["```\nx\n`````", null],
  ["```inline``` code", null],
  ["no code", null],
] as const;

for (const [text, closed] of FENCES) {
  test(`code that was cut off is closed: ${JSON.stringify(text)}`, () => {
    const end = exportMarkdown(turns(["One", text]).messages, WORDS).slice(-(text.length + 8));
    assert.ok(end.endsWith(closed === null ? `\n${text}\n` : `\n${text}\n${closed}\n`), end);
  });
}

test("what its reader has said into an answer stands where it was said", () => {
  const tree = turns(["One", ""]);
  const steer = JSON.stringify({ id: "m1", text: "Only *Europe*\n\n# please\n" });
  const parts = [["text", "Before."], ["steer", steer], ["text", "After."]] as const;
  tree.edit("a1", { parts: parts.map(([kind, text]) => ({ kind, text, ended: true })) });
  const document = exportMarkdown(tree.messages, WORDS);
  assert.ok(document.endsWith("Before.\n\n> **You:** Only *Europe*\n>\n> # please\n\nAfter.\n"), document);
});

test("nothing is an empty document", () => {
  assert.equal(exportMarkdown([], WORDS), "");
});

test("a component is named in its place", () => {
  const tree = turns(["Sales?", "Here."]);
  const parts = ["text", "component", "text"].map((kind) => ({ kind, text: kind === "text" ? "Words." : "{}", ended: true }));
  tree.edit("a1", { parts: parts as MessageState["parts"] });
  const [, answer] = exportMarkdown(tree.messages, WORDS).split("## Assistant");
  assert.match(answer!, /\n\nWords\.\n\n\*a chart\*\n\nWords\.\n$/);
});

test("what was not done on the page, or undone, is not told as done", () => {
  const action = (state: string): PartState => ({
    kind: "action",
    text: JSON.stringify({ do: "notify", label: "Hi", title: "", state }),
    ended: true,
  });
  const tree = turns(["One", "1"]);
  const answer = tree.messages[1]!;
  tree.edit(answer.key, { parts: [action("done"), { ...action("done"), isUndone: true }, action("failed"), action("open")] });
  const [, said] = exportMarkdown(tree.messages, WORDS).split("## Assistant");
  assert.deepEqual(said!.match(/^- .*$/gm), ["- Notified: Hi", "- Notified: Hi (Undone)", "- Notified: Hi (Not done)", "- Notified: Hi (Not done)"]);
});

test("an answer of several lines stays a quotation", () => {
  const tree = turns(["One", "1"]);
  const ask = { question: "What?", state: "answered", value: "One\n\n# Two" };
  tree.edit(tree.messages[1]!.key, { parts: [{ kind: "ask", text: JSON.stringify(ask), ended: true }] });
  assert.match(exportMarkdown(tree.messages, WORDS), /Asked: What\?\n\n> One\n>\n> \\# Two\n/);
});
