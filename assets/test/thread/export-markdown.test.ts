import assert from "node:assert/strict";
import { test } from "node:test";
import { exportMarkdown } from "../../src/thread/export-markdown";
import { fileRef } from "../doubles/fake-uploader";
import { turns } from "./trees";

const NAMES = { user: "You", assistant: "Assistant" };

test("messages stand under their speaker, with time and model", () => {
  const tree = turns(["What is *it*?", "# A title\n\nIt is."]);
  tree.edit("q1", { createdMs: new Date(2026, 0, 2, 3, 4).getTime() });
  tree.edit("a1", { createdMs: new Date(2026, 10, 27, 13, 5).getTime(), model: "gpt-5" });
  assert.equal(
    exportMarkdown(tree.messages, NAMES),
    "## You\n\n*2026-01-02 03:04*\n\nWhat is *it*?\n\n" +
      "## Assistant\n\n*2026-11-27 13:05 · gpt-5*\n\n# A title\n\nIt is.\n",
  );
});

test("files are named, also where there is no text", () => {
  const tree = turns(["", "A chart."], ["And *this*?", "Too."]);
  tree.edit("q1", { attachments: [fileRef("a_b*.png"), fileRef("c.pdf")] });
  tree.edit("q2", { attachments: [fileRef("d.csv")] });
  const text = exportMarkdown(tree.messages, NAMES).replace(/\*.*:.*\*\n\n/g, "");
  assert.equal(
    text,
    "## You\n\n- a\\_b\\*.png\n- c.pdf\n\n## Assistant\n\nA chart.\n\n" +
      "## You\n\n- d.csv\n\nAnd *this*?\n\n## Assistant\n\nToo.\n",
  );
});

test("an answer without text is left out", () => {
  const text = exportMarkdown(turns(["One", ""], ["Two", "2"]).messages, NAMES);
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
    const end = exportMarkdown(turns(["One", text]).messages, NAMES).slice(-(text.length + 8));
    assert.ok(end.endsWith(closed === null ? `\n${text}\n` : `\n${text}\n${closed}\n`), end);
  });
}

test("nothing is an empty document", () => {
  assert.equal(exportMarkdown([], NAMES), "");
});
