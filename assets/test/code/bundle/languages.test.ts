import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsers } from "../../../src/code/bundle/languages.js";
import { highlighter } from "../../../src/code/bundle/main.js";

/** The kinds of tokens of one line. */
function kinds(language: string, line: string): Record<string, string> {
  const tokenizer = highlighter.tokenizer(language)!;
  const tokens = tokenizer.line(line, tokenizer.start());
  assert.equal(tokens.map(({ text }) => text).join(""), line);
  return Object.fromEntries(tokens.map(({ text, kind }) => [text.trim(), kind]));
}

describe("The languages", () => {
  const lines: readonly (readonly [language: string, line: string, token: string, kind: string])[] = [
    ["python", "for x in range(3):", "for", "keyword"],
    ["sql", "SELECT 1 -- one", "SELECT", "keyword"],
    ["SQL", "select 'a'", "'a'", "string"],
    ["postgresql", "SELECT a FROM b -- c", "-- c", "comment"],
    ["js", "const a = 'b';", "const", "keyword"],
    ["tsx", "interface A { b: string }", "interface", "keyword"],
    ["json", '{"a": 1}', "1", "number"],
    ["bash", "if true; then", "if", "keyword"],
    ["r", "f <- function(x) 1", "function", "keyword"],
    ["yaml", "a: true", "true", "keyword"],
    ["toml", 'a = "b"', '"b"', "string"],
    ["html", "<p>a</p>", "p", "tag"],
    ["css", "a { color: red }", "color", "property"],
    ["java", "public class A {", "public", "keyword"],
    ["kotlin", "val a = 1", "val", "keyword"],
    ["scala", "val a = 1", "val", "keyword"],
    ["c++", "int a = 1; // b", "// b", "comment"],
    ["c#", "var a = 1;", "1", "number"],
    ["go", "func a() {}", "func", "keyword"],
    ["rust", "fn a() {}", "fn", "keyword"],
    ["ruby", "def a; end", "def", "keyword"],
    ["php", "echo $a; # b", "# b", "comment"],
    ["swift", "let a = 1", "let", "keyword"],
    ["julia", "function a() end", "function", "keyword"],
    ["matlab", "for i = 1:3", "for", "keyword"],
    ["powershell", "if ($true) { }", "if", "keyword"],
    ["dockerfile", "FROM python:3.13", "FROM", "keyword"],
    ["diff", "+added", "+added", "inserted"],
    ["diff", "-gone", "-gone", "deleted"],
    ["lua", "local a = 1", "local", "keyword"],
    ["perl", "my $a = 1; # b", "# b", "comment"],
    ["haskell", "where", "where", "keyword"],
  ];
  for (const [language, line, token, kind] of lines) {
    it(`reads ${language}: ${line}`, () => {
      assert.equal(kinds(language, line)[token], kind);
    });
  }

  it("are not known under other names", () => {
    assert.equal(highlighter.tokenizer("klingon"), null);
    assert.equal(highlighter.tokenizer("constructor"), null);
  });

  for (const name of new Set(parsers.keys())) {
    it(`show whatever is written in ${name}`, () => {
      const text = "if (a < b) { \"c ' /* `d` $e <f> # -- ```\\\n\n%{@}]\t0x1F é 😀\n'''\n*/ --> end;";
      const tokenizer = highlighter.tokenizer(name)!;
      const state = tokenizer.start();
      for (const line of text.split("\n")) {
        const before = tokenizer.copy(state);
        const tokens = tokenizer.line(line, state);
        assert.equal(tokens.map((token) => token.text).join(""), line);
        assert.deepEqual(tokenizer.line(line, before), tokens, "read again from a copy of the state");
      }
    });
  }

  it("leave a line that is too long to be code as it is", () => {
    const tokenizer = highlighter.tokenizer("json")!;
    const line = `[${"1,".repeat(2_000)}1]`;
    assert.deepEqual(tokenizer.line(line, tokenizer.start()), [{ kind: "", text: line }]);
  });

  it("do not try all lengths of a long space or number", () => {
    for (const language of parsers.keys()) {
      const tokenizer = highlighter.tokenizer(language)!;
      for (const line of [`${" ".repeat(1_000)}x`, "7".repeat(1_500)]) {
        assert.deepEqual(tokenizer.line(line, tokenizer.start()), [{ kind: "", text: line }]);
      }
    }
  });
});
