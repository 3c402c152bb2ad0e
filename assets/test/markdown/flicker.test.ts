import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { PlainFragments } from "../../src/markdown/plain-fragments.js";
import { createWidgets } from "../doubles/widgets.js";
import { CachingSanitizer } from "./one-shot.js";
import { policy } from "./policy.js";

const { window } = new JSDOM();
const sanitizer = new CachingSanitizer(window);
const renderer = new MarkdownRenderer({ sanitizer: new PlainFragments(window.document, sanitizer), policy, widgets: createWidgets(window), id: "x" });

/** A text with the characters of its marks, none of which may be seen at any time. */
const samples: readonly (readonly [text: string, marks: RegExp])[] = [
  ["so **bold** and *it* and _em_ and __strong__ on\n", /[*_]/],
  ["***both*** and **a *b* c** on\n", /\*/],
  ["**so (*it* is) on** on\n", /\*/],
  ["**so \"*it*\" [*is*](a)** on\n", /[*[\]()]/],
  ["**2*3 is 6** on\n", /\*\*/],
  ["~~gone~~ on\n", /~/],
  ["run `npm i` and ``a`` on\n", /`/],
  ["see [the docs](https://a.example/b \"t\") on\n", /[[\]()]|https/],
  ["see **[the docs](https://a.example)** on\n", /[[\]()*]|https/],
  ["see ![chart](https://a.example/c.png) on\n", /[![\]()]|https/],
  ["see <https://a.example> on\n", /[<>]/],
  ["[docs](https://a.example) on\n", /[[\]()]|https/],
  ["Note[^1] on.\n\n[^1]: the *note*\n", /[[\]^:*]/],
  ["- [ ] open\n- [x] done\n", /[[\]-]/],
  ["- [x] ![chart](https://a.example/c.png)\n", /x|[[\]!]/],
  ["- [x] **done** on\n", /x|[[\]*]/],
  ["# Title\n\n## Second\n", /#/],
  ["Title\n===\n\nSecond\n---\n", /[=-]/],
  ["- a\n- b\n\n* c\n* d\n\n1. e\n2. f\n", /[-*.\d]/],
  ["> quote\n> on\n", />/],
  ["a\n\n---\n\nb\n\n***\n\nc\n", /[-*]/],
  ["| a | b |\n|:--|--:|\n| c | **d** |\n", /[|:*-]/],
  ["| a | `b` c |\n| - | - |\n| c | d |\n", /[|`-]/],
  ["| a | \\| \\(b\\) |\n|-|-|\n", /^.*[\\-]|\|.*\|/],
  ["- x\n\n  | a | b |\n  |---|---|\n  | c | d |\n", /[|-]/],
  ["```python\nx\n```\n\nafter\n", /`|pyth?o?n?$/],
  ["> ```js\n> x\n> ```\n", /[`>]/],
  ["<details>\n<summary>Title</summary>\n\nInside\n\n</details>\n\non\n", /[<>/]|details|summary/],
  ["<details><summary>Title</summary>\n\nInside\n</details>\n", /[<>/]|details|summary/],
  ["a &amp; b &lt; c\n", /amp|lt|;/],
  ["a<br>b\n", /[<>]|br/],
  ["a\\\nb \\* c\n", /\\/],
];

describe("No mark is seen while it is unfinished", () => {
  for (const [text, marks] of samples) {
    it(JSON.stringify(text), () => {
      const container = window.document.createElement("div");
      const view = new MarkdownView(container, renderer);
      let most = 0;
      for (let length = 1; length <= text.length; length += 1) {
        view.update(text.slice(0, length), false);
        const shown = visibleText(container);
        assert.doesNotMatch(shown, marks, `after ${JSON.stringify(text.slice(0, length))}`);
        assert.ok(shown.length >= most, `less is seen after ${JSON.stringify(text.slice(0, length))}`);
        most = shown.length;
      }
    });
  }
});

/** The answer's own text, without what the chat adds to it. */
function visibleText(container: HTMLElement): string {
  const copy = container.cloneNode(true) as HTMLElement;
  copy.querySelectorAll(".chat-code-header, .chat-table-tools, button, sup, .chat-footnote-back").forEach((element) => element.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}
