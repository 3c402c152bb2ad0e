import assert from "node:assert/strict";
import { test } from "node:test";
import { fileText, sizeText } from "../../src/attachments/size-text.js";
import { UploadRules } from "../../src/attachments/upload-rules.js";

const LIMITS = { maxBytes: 1_000_000, maxFiles: 3, ttlMs: 60_000, types: [] as string[] };
const file = (name: string, type: string, size = 10) => ({ name, type, size });

test("a file that is too large is refused, with the limit", () => {
  const rules = new UploadRules(LIMITS);
  assert.equal(rules.refusal(file("a.png", "image/png", 1_000_000)), null);
  assert.match(rules.refusal(file("a.png", "image/png", 1_000_001)) ?? "", /a\.png is too large: at most 1 MB/);
});

test("types are taken as HTML's accept says", () => {
  const rules = new UploadRules({ ...LIMITS, types: ["image/*", "text/csv", ".XLSX"] });
  for (const taken of [file("a.png", "image/png"), file("a", "text/csv"), file("A.xlsx", "what/ever"), file("a.bin", "")]) {
    assert.equal(rules.refusal(taken), null, taken.name);
  }
  for (const refused of [file("a.pdf", "application/pdf"), file("a.html", "text/html"), file("xlsx", "a/b")]) {
    assert.match(rules.refusal(refused) ?? "", /type/, refused.name);
  }
  assert.equal(rules.accept, "image/*,text/csv,.XLSX");
});

test("there is room for so many, and files expire", () => {
  const rules = new UploadRules(LIMITS);
  assert.deepEqual([0, 2, 3, 9].map((attached) => rules.room(attached)), [3, 1, 0, 0]);
  assert.equal(rules.isExpired(1_000, 60_999), false);
  assert.equal(rules.isExpired(1_000, 61_000), true);
});

test("sizes are written for people", () => {
  const sizes = [0, 999, 1_000, 1_234, 9_960, 12_345, 999_499, 999_500, 1_280_000, 3_000_000_000, 5e15];
  assert.deepEqual(sizes.map(sizeText), ["0 B", "999 B", "1 KB", "1.2 KB", "10 KB", "12 KB", "999 KB", "1 MB", "1.3 MB", "3 GB", "5000000 GB"]);
  assert.equal(fileText("report.pdf", 1_280_000), "PDF · 1.3 MB");
  assert.equal(fileText("Makefile", 12), "12 B");
});
