import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { rowsOf, toCsv, toMarkdown } from "../../src/tables/table-text.js";

describe("The text of a table", () => {
  it("is what its cells read, formulas as their source", () => {
    const { document } = new JSDOM(
      "<table><thead><tr><th>a</th><th> <em>b</em> c </th></tr></thead><tbody><tr><td></td>" +
        '<td><span class="chat-math" data-chat-source="x^2"><b>x2</b></span></td></tr></tbody></table>',
    ).window;
    assert.deepEqual(rowsOf(document.querySelector("table")!), [["a", "b c"], ["", "$x^2$"]]);
  });

  it("is CSV as in RFC 4180", () => {
    assert.equal(
      toCsv([["a", 'b "c"'], ["1,204", "two\nlines"], ["", "é"]]),
      'a,"b ""c"""\r\n"1,204","two\nlines"\r\n,é\r\n',
    );
  });

  it("is a Markdown table with its alignments", () => {
    assert.equal(
      toMarkdown([["a", "b|c"], ["\\1", "two\nlines"]], [null, "right"]),
      "| a | b\\|c |\n| --- | --: |\n| \\\\1 | two lines |\n",
    );
  });
});
