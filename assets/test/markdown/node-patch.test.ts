import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { patchNodes } from "../../src/markdown/node-patch.js";

const { document } = new JSDOM().window;

function fragment(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function place(html: string): HTMLElement {
  const holder = document.createElement("div");
  holder.append(fragment(html));
  return holder;
}

describe("patchNodes", () => {
  const steps: readonly (readonly [string, string])[] = [
    ["<p>a</p>", "<p>a b</p>"],
    ["<p>a</p>\n", "<h1>a</h1>\n"],
    ["<p>a <strong>b</strong></p>", "<p>a <strong>b</strong> c <em>d</em></p>"],
    ["<p>a <em>b</em> c</p>", "<p>a</p>"],
    ['<p><a href="/a">b</a></p>', '<p><a title="c">b</a></p>'],
    ["<p></p>", "<p>a<br>b</p>"],
    ["a <em>b</em>", "<em>b</em>"],
    ["a", ""],
  ];
  for (const [before, after] of steps) {
    it(`makes ${JSON.stringify(after)} of ${JSON.stringify(before)}, between its neighbours`, () => {
      const holder = place(`<hr>${before}<hr>`);
      const nodes = patchNodes([...holder.childNodes].slice(1, -1), fragment(after));
      assert.equal(holder.innerHTML, `<hr>${after}<hr>`);
      assert.deepEqual(nodes, [...holder.childNodes].slice(1, -1));
    });
  }

  it("appends to a text that grows, and keeps what is before it", () => {
    const holder = place("<p>see <strong>the</strong> do</p>");
    const [paragraph] = holder.childNodes;
    const children = [...paragraph!.childNodes];
    patchNodes([paragraph!], fragment("<p>see <strong>the</strong> docs <em>now</em></p>"));
    assert.equal(holder.firstChild, paragraph);
    assert.deepEqual([...paragraph!.childNodes].slice(0, 3), children);
  });
});
