import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { createWidgets } from "../doubles/widgets.js";
import { OneShot } from "./one-shot.js";
import { policy } from "./policy.js";

const { window } = new JSDOM();
const oneShot = new OneShot(new Sanitizer(window, policy), createWidgets(window));
const render = (text: string): string => oneShot.html(text, true);

describe("Markdown", () => {
  it("opens links in a tab of their own, without a way back", () => {
    assert.equal(
      render("[a](https://a.example)"),
      '<p dir="auto"><a href="https://a.example" target="_blank" rel="noopener noreferrer">a</a></p>\n',
    );
    assert.match(render("https://b.example/c"), /<a href="https:\/\/b.example\/c" target="_blank"/);
    assert.match(render("[d](mailto:d@e.example)"), /<a href="mailto:d@e.example" target="_blank"/);
  });

  for (const url of ["javascript:alert(1)", "JAVA&#83;CRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc", "//host", "ftp://host", "data:image/png;base64,AA"]) {
    it(`makes no link to ${url}`, () => {
      const html = render(`[text](${url}) <${url}> ${url} [text][]\n\n[text]: ${url}`);
      assert.doesNotMatch(html, /<a/);
      assert.match(html, /^<p dir="auto">text /);
    });
  }

  it("shows an image as a link, so that nothing is fetched", () => {
    assert.equal(
      render('![a "chart"](https://a.example/a.png)'),
      '<p dir="auto"><a href="https://a.example/a.png" target="_blank" rel="noopener noreferrer">a "chart"</a></p>\n',
    );
    assert.match(render("![](https://a.example/a.png)"), />image<\/a>/);
  });

  it("shows an image inside a link as the link's text", () => {
    assert.equal(
      render("[![alt](https://a.example/a.png)](https://b.example)"),
      '<p dir="auto"><a href="https://b.example" target="_blank" rel="noopener noreferrer">alt</a></p>\n',
    );
  });

  for (const url of ["/page", "page?q=1", "#part"]) {
    it(`leads to ${url} in the same tab`, () => {
      assert.equal(render(`[text](${url})`), `<p dir="auto"><a href="${url}">text</a></p>\n`);
    });
  }

  const image = (url: string): string => `<p dir="auto"><img src="${url}" alt="a" loading="lazy"></p>\n`;
  for (const url of [
    "/chart.png", "https://dashboard.example/a.png", "https://images.example/a.png", "data:image/png;base64,iVBORw0KGgo=",
  ]) {
    it(`shows an image from ${url}`, () => {
      assert.equal(render(`![a](${url})`), image(url));
      assert.equal(render(`![a][b]\n\n[b]: ${url}`), image(url));
    });
  }

  for (const url of [
    "https://a.example/a.png", "//a.example/a.png", "http://images.example/a.png",
    "https://images.example.a.example/a.png", "https://images.example@a.example/a.png", "data:image/svg+xml,<svg/>",
    "data:text/html,x", "javascript:alert(1)", "blob:https://images.example/1",
  ]) {
    it(`shows no image from ${url}, wherever it stands`, () => {
      for (const text of [
        `![a](<${url}>)`, `![a][b]\n\n[b]: <${url}>`, `[![a](<${url}>)](https://b.example)`, `- > ![a](<${url}>)`,
        `| a |\n|---|\n| ![a](<${url}>) |`, `b[^1]\n\n[^1]: ![a](<${url}>)`,
      ]) {
        assert.doesNotMatch(render(text), /<img|src=/);
      }
    });
  }

  it("shows HTML as text", () => {
    assert.equal(
      render('<img src=x onerror="alert(1)">\n\na <b>b</b>'),
      '<p dir="auto">&lt;img src=x onerror="alert(1)"&gt;</p>\n<p dir="auto">a &lt;b&gt;b&lt;/b&gt;</p>\n',
    );
  });

  it("aligns table cells without style attributes", () => {
    const html = render("| a | b |\n|---|--:|\n| 1 | 2 |\n");
    assert.match(html, /<div class="chat-table-scroll" dir="auto"><table>/);
    assert.match(html, /<td>1<\/td>\n<td data-align="right">2<\/td>/);
    assert.doesNotMatch(html, /style=/);
  });

  for (const html of [
    '<img src="https://foreign.example/x">', '<img src="//foreign.example/x">', '<p style="background:url(//foreign.example)">',
    '<table background="https://foreign.example/x"></table>', '<video src="/x" poster="/y"></video>', '<input type="image" src="/x">',
    '<input type="text">', '<svg><image href="https://foreign.example/x"/></svg>', '<link rel="stylesheet" href="/x">', "<details ontoggle='x()'>",
  ]) {
    it(`lets nothing of ${html} call anywhere`, () => {
      const holder = window.document.createElement("div");
      holder.append(new Sanitizer(window, policy).fragment(html));
      assert.doesNotMatch(holder.innerHTML, /src|href|style|background|poster|on\w+=|<(?:svg|video|input)/);
    });
  }

  it("leaves of an image's attributes none that names another source", () => {
    const holder = window.document.createElement("div");
    holder.append(new Sanitizer(window, policy).fragment('<img src="/a.png" srcset="//foreign.example/x 2x" alt="a" lowsrc="//b" name="body">'));
    assert.equal(holder.innerHTML, '<img src="/a.png" alt="a">');
  });

  it("is sanitised even if the parser let something through", () => {
    const holder = window.document.createElement("div");
    holder.append(
      new Sanitizer(window, policy).fragment(
        '<p onclick="x()" style="color:red" id="y">a<img src="https://foreign.example/x"><script>b</script><a href="javascript:c">d</a></p>',
      ),
    );
    assert.equal(holder.innerHTML, "<p>a<a>d</a></p>");
  });
});
