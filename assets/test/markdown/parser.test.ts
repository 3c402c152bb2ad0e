import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { OneShot } from "./one-shot.js";

const { window } = new JSDOM();
const oneShot = new OneShot(new Sanitizer(window));
const render = (text: string): string => oneShot.html(text, true);

describe("Markdown", () => {
  it("opens links in a tab of their own, without a way back", () => {
    assert.equal(
      render("[a](https://a.example)"),
      '<p><a href="https://a.example" target="_blank" rel="noopener noreferrer">a</a></p>\n',
    );
    assert.match(render("https://b.example/c"), /<a href="https:\/\/b.example\/c" target="_blank"/);
    assert.match(render("[d](mailto:d@e.example)"), /<a href="mailto:d@e.example" target="_blank"/);
  });

  for (const url of ["javascript:alert(1)", "JAVA&#83;CRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc", "/page", "//host", "ftp://host"]) {
    it(`makes no link to ${url}`, () => {
      assert.doesNotMatch(render(`[text](${url}) <${url}> ${url} ![text](${url})`), /<a/);
    });
  }

  it("shows an image as a link, so that nothing is fetched", () => {
    assert.equal(
      render('![a "chart"](https://a.example/a.png)'),
      '<p><a href="https://a.example/a.png" target="_blank" rel="noopener noreferrer">a "chart"</a></p>\n',
    );
    assert.match(render("![](https://a.example/a.png)"), />image<\/a>/);
  });

  it("shows an image inside a link as the link's text", () => {
    assert.equal(
      render("[![alt](https://a.example/a.png)](https://b.example)"),
      '<p><a href="https://b.example" target="_blank" rel="noopener noreferrer">alt</a></p>\n',
    );
  });

  it("shows HTML as text", () => {
    assert.equal(
      render('<img src=x onerror="alert(1)">\n\na <b>b</b>'),
      '<p>&lt;img src=x onerror="alert(1)"&gt;</p>\n<p>a &lt;b&gt;b&lt;/b&gt;</p>\n',
    );
  });

  it("aligns table cells without style attributes", () => {
    const html = render("| a | b |\n|---|--:|\n| 1 | 2 |\n");
    assert.match(html, /^<div class="chat-table-scroll"><table>/);
    assert.match(html, /<td>1<\/td>\n<td data-align="right">2<\/td>/);
    assert.doesNotMatch(html, /style=/);
  });

  it("is sanitised even if the parser let something through", () => {
    const holder = window.document.createElement("div");
    holder.append(
      new Sanitizer(window).fragment(
        '<p onclick="x()" style="color:red" id="y">a<img src="x"><script>b</script><a href="javascript:c">d</a></p>',
      ),
    );
    assert.equal(holder.innerHTML, "<p>a<a>d</a></p>");
  });
});
