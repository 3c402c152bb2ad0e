import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { toCsv, toMarkdown } from "../../src/tables/table-text.js";

function table(head: string, body: string): HTMLTableElement {
  const { document } = new JSDOM(`<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`).window;
  return document.querySelector("table")!;
}

describe("A table as CSV", () => {
  it("is as in RFC 4180", () => {
    assert.equal(
      toCsv(table("<th>a</th><th> b \"c\" </th>", "<tr><td>1,204</td><td>two<br>\nlines</td></tr><tr><td></td><td>é</td></tr>")),
      'a,"b ""c"""\r\n"1,204","two\nlines"\r\n,é\r\n',
    );
  });

  it("has no marks: what is bold is plain, formulas are their source, images their description, no footnotes", () => {
    const formula = '<span class="chat-math" data-chat-source="x^2"><b>x2</b></span>';
    const note = '<sup class="chat-footnote-reference"><a href="#n">1</a></sup>';
    assert.equal(
      toCsv(table("<th><strong>a</strong></th><th><code>b</code></th>", `<tr><td>${formula} <img alt="chart"></td><td>12${note}</td></tr>`)),
      "a,b\r\n$x^2$ chart,12\r\n",
    );
  });
});

describe("A table as Markdown", () => {
  it("has its alignments and its cells' Markdown", () => {
    assert.equal(
      toMarkdown(table('<th>a</th><th data-align="right">b|c</th>', "<tr><td><strong>1</strong></td><td>two<br>\nlines</td></tr>")),
      "| a | b\\|c |\n| --- | --: |\n| **1** | two<br>lines |\n",
    );
  });
});
