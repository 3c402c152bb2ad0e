import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanName } from "../../src/attachments/file-name.js";

const NAMES = [
  ["Umsätze 📈.csv", "Umsätze 📈.csv"],
  ["photo\u202egpj.exe", "photogpj.exe"],
  ["a\u0000\r\n\u2028\u200f\ufeffb.txt", "ab.txt"],
  ["می\u200cخواهم 👩\u200d💻.txt", "می\u200cخواهم 👩\u200d💻.txt"],
  ["a\ud800.txt", "a\ufffd.txt"],
  ["x".repeat(1_000) + ".xlsx", "x".repeat(250) + ".xlsx"],
  ["📈".repeat(255), "📈".repeat(255)],
  ["📈".repeat(300), "📈".repeat(255)],
  ["x." + "y".repeat(1_000), "x." + "y".repeat(233) + "." + "y".repeat(19)],
] as const;

for (const [name, expected] of NAMES) {
  test(`nothing in a name deceives: ${JSON.stringify(name.slice(0, 20))}`, () => {
    assert.equal(cleanName(name), expected);
  });
}
