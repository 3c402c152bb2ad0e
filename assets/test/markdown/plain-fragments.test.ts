import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { createEnv, createParser } from "../../src/markdown/parser.js";
import { PlainFragments } from "../../src/markdown/plain-fragments.js";
import { emptyNotes } from "../../src/markdown/syntax/footnotes.js";
import { CachingSanitizer } from "./one-shot.js";
import { policy } from "./policy.js";
import { commonMark } from "./spec-examples.js";

const { window } = new JSDOM();
const sanitizer = new CachingSanitizer(window);
const asked: string[] = [];
const plain = new PlainFragments(window.document, {
  fragment: (html) => {
    asked.push(html);
    return sanitizer.fragment(html);
  },
  isQuick: () => false,
});

function same(html: string): void {
  assert.ok(plain.fragment(html).isEqualNode(sanitizer.fragment(html)), html);
}

describe("PlainFragments", () => {
  for (const html of [
    '<p dir="auto">Text with <strong>bold <em>and</em></strong> <code>code</code>,<br>\nand more.</p>\n',
    "<p>1 &lt; 2 &amp;&amp; &quot;3&quot; &gt; 2, &amp;lt; stays</p>",
    '<table><tbody><tr>\n<td data-align="right">1</td>\n<td>2</td>\n</tr>\n</tbody></table>',
    '<ul dir="auto">\n</ul>\n',
    "<li></li>\n",
    "only text \ufffd and <br>",
    "",
  ]) {
    it(`builds ${JSON.stringify(html)} as the sanitiser would`, () => {
      asked.length = 0;
      same(html);
      assert.deepEqual(asked, []);
      assert.ok(plain.isQuick(html));
    });
  }

  for (const html of [
    '<p><a href="https://a.example">a</a></p>',
    '<p><img src="x" onerror="alert(1)"></p>',
    "<p onclick=\"alert(1)\">a</p>",
    '<p dir="auto" id="body">a</p>',
    '<p dir="auto" dir="javascript:">a</p>',
    "<script>alert(1)</script>",
    "<P>a</P>",
    "<p >a</p>",
    "<p/>",
    "<p>&nbsp;</p>",
    "<p>&#106;</p>",
    "<p>a & b</p>",
    "<p>a < b</p>",
    "<!-- a -->",
    "a\u0000b",
    "a\r\nb",
  ]) {
    it(`leaves ${html} to the sanitiser`, () => {
      asked.length = 0;
      same(html);
      assert.deepEqual(asked, [html]);
      assert.ok(!plain.isQuick(html));
    });
  }

  for (const html of ["<p>a", "</p>", "<p><strong>a</p></strong>", "a</em>", "<ul><li>a</ul>", "<br></br>"]) {
    it(`leaves ${html}, whose tags are not in pairs, to the sanitiser`, () => {
      asked.length = 0;
      same(html);
      assert.deepEqual(asked, [html]);
    });
  }

  it("makes what the sanitiser makes of the specification's examples", () => {
    const parser = createParser(policy);
    const htmls = commonMark.map(({ markdown }) => parser.render(markdown, createEnv(false, emptyNotes("x"))));
    htmls.forEach(same);
    assert.ok(htmls.filter((html) => plain.isQuick(html)).length > 100);
  });
});
