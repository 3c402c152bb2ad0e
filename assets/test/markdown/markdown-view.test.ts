import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { PlainFragments } from "../../src/markdown/plain-fragments.js";
import { createWidgets } from "../doubles/widgets.js";
import { documents, documentsWithReferences } from "./documents.js";
import { CachingSanitizer, OneShot, withoutPrefix } from "./one-shot.js";
import { policy } from "./policy.js";

const { window } = new JSDOM();
const sanitizer = new CachingSanitizer(window);
const widgets = createWidgets(window);
const renderer = new MarkdownRenderer({ sanitizer: new PlainFragments(window.document, sanitizer), policy, widgets, id: "x" });
const oneShot = new OneShot(sanitizer, widgets);

function createView(): { view: MarkdownView; container: HTMLElement } {
  const container = window.document.createElement("div");
  return { view: new MarkdownView(container, renderer), container };
}

describe("MarkdownView", () => {
  for (const [name, text] of Object.entries({ ...documents, ...documentsWithReferences })) {
    const whole = oneShot.html(text, true);

    it(`shows "${name}" fed character by character as if rendered at once`, () => {
      const { view, container } = createView();
      for (let length = 0; length <= text.length; length += 1) {
        view.update(text.slice(0, length), false);
        if (name in documents) {
          assert.equal(withoutPrefix(container.innerHTML), oneShot.html(text.slice(0, length), false), `after ${length} characters`);
        }
      }
      view.update(text, true);
      assert.equal(withoutPrefix(container.innerHTML), whole);
    });

    it(`shows "${name}" cut anywhere as if rendered at once`, () => {
      for (let at = 0; at <= text.length; at += 1) {
        const { view, container } = createView();
        view.update(text.slice(0, at), false);
        view.update(text, true);
        assert.equal(withoutPrefix(container.innerHTML), whole, `cut after ${at} characters`);
      }
    });
  }

  it("keeps the nodes of finished blocks, whatever comes after", () => {
    const { view, container } = createView();
    view.update("First.\n\nSecond.\n\n", false);
    const [first, second] = container.querySelectorAll("p");
    view.update("First.\n\nSecond.\n\nThird.\n\n- four\n- five\n", false);
    view.update("First.\n\nSecond.\n\nThird.\n\n- four\n- five\n\nsix\n", true);
    assert.deepEqual([...container.querySelectorAll("p")].slice(0, 2), [first, second]);
  });

  it("keeps a selection in a finished block", () => {
    const { view, container } = createView();
    window.document.body.append(container);
    view.update("Select me.\n\nSecond", false);
    const selection = window.getSelection()!;
    selection.selectAllChildren(container.querySelector("p")!);
    view.update("Select me.\n\nSecond paragraph\n\nThird\n", false);
    view.update("Select me.\n\nSecond paragraph\n\nThird\n", true);
    assert.equal(selection.toString(), "Select me.");
    container.remove();
  });

  it("keeps a selection in the open paragraph while it grows", () => {
    const { view, container } = createView();
    window.document.body.append(container);
    view.update("Select **this** text", false);
    const selection = window.getSelection()!;
    selection.setBaseAndExtent(container.querySelector("p")!.firstChild!, 0, container.querySelector("p")!.lastChild!, 5);
    view.update("Select **this** text, and *more* of it", false);
    view.update("Select **this** text, and *more* of it. End", true);
    assert.equal(selection.toString(), "Select this text");
    container.remove();
  });

  it("keeps a selection in a footnote while the text above goes on", () => {
    const { view, container } = createView();
    window.document.body.append(container);
    const begun = "One[^1].\n\n[^1]: Select me.\n\n";
    view.update(begun, false);
    const selection = window.getSelection()!;
    const note = container.querySelector("section p")!;
    selection.setBaseAndExtent(note.firstChild!, 0, note.firstChild!, 10);
    const rest = "Two.\n\n- three\n- four[^2]\n\nFive.\n\n[^2]: Second.\n";
    for (let length = 1; length <= rest.length; length += 1) {
      view.update(begun + rest.slice(0, length), false);
      assert.equal(selection.toString(), "Select me.", `after ${JSON.stringify(rest.slice(0, length))}`);
    }
    view.update(begun + rest, true);
    assert.equal(selection.toString(), "Select me.");
    assert.ok(container.contains(note));
    assert.equal(withoutPrefix(container.innerHTML), oneShot.html(begun + rest, true));
    container.remove();
  });

  for (const [name, begun, rest, selector] of [
    ["code", "1. one\n   ```js\n   x\n   ```\n2. two\n", "\n3. three\n", ".chat-code"],
    ["a list", "- a\n  - b\n- c\n", "\n- d\n", "ul ul"],
    ["a section", "- a\n  <details>\n  <summary>S</summary>\n", "\n  text\n  x", "details"],
  ] as const) {
    it(`keeps ${name} in a list that turns loose`, () => {
      const { view, container } = createView();
      view.update(begun, false);
      const node = container.querySelector(selector);
      assert.ok(node);
      for (let length = 1; length <= rest.length; length += 1) {
        view.update(begun + rest.slice(0, length), false);
        assert.equal(container.querySelector(selector), node, `after ${JSON.stringify(rest.slice(0, length))}`);
      }
      view.update(begun + rest, true);
      assert.equal(container.querySelector(selector), node);
      assert.equal(withoutPrefix(container.innerHTML), oneShot.html(begun + rest, true));
    });
  }

  it("keeps the items above the open item of a list", () => {
    const { view, container } = createView();
    view.update("- one\n- two", false);
    const first = container.querySelector("li");
    view.update("- one\n- two\n- three", false);
    assert.equal(container.querySelector("li"), first);
    assert.equal(container.querySelectorAll("li").length, 3);
  });

  it("appends to the text of an open code block", () => {
    const { view, container } = createView();
    view.update("```js\nlet a", false);
    const text = container.querySelector("code")!.firstChild;
    view.update("```js\nlet a = 1;\nlet b", false);
    assert.equal(container.querySelector("code")!.firstChild, text);
    assert.equal(text?.textContent, "let a = 1;\nlet b");
  });

  for (const [name, begun, rest] of [
    ["a finished section", "<details>\n<summary>More</summary>\n\nInside\n\n</details>\n\n", "After.\n\n- a\n- b\n"],
    ["a section that is still being written", "<details>\n<summary>More</summary>\n\nInside\n\n", "1. one\n\n2. two\n\n</details>\n\nAfter.\n"],
    ["a section above text that is not finished", "<details>\n<summary>More</summary>\nInside\n</details>\nAfter", " it\n| a |\n|---|\n| b |\n"],
    ["a section inside another", "<details open>\n<summary>Out</summary>\n\n<details>\n<summary>In</summary>\n\nText", " **on**\n\n</details>\n\nmore[^1]\n\n[^1]: note\n"],
    ["a section in a list", "- a\n\n  <details>\n  <summary>More</summary>\n\n  Inside\n", "\n  </details>\n- b\n\nAfter.\n"],
    ["a section with a definition below", "<details>\n<summary>More</summary>\n\nSee [a].\n\n</details>\n\n", "On.\n\n[a]: https://a.example\n"],
  ] as const) {
    it(`leaves ${name} as the reader has opened it`, () => {
      const { view, container } = createView();
      view.update(begun, false);
      const section = [...container.querySelectorAll("details")].at(-1)!;
      const before = [...section.children];
      section.open = true;
      for (let length = 1; length <= rest.length; length += 1) {
        view.update(begun + rest.slice(0, length), false);
      }
      view.update(begun + rest, true);
      assert.ok(section.open && container.contains(section));
      assert.deepEqual([...section.children].slice(0, before.length), before);
    });
  }

  it("keeps the paragraphs when a definition comes at the end", () => {
    const { view, container } = createView();
    const text = "Plain.\n\nSee [a].\n\nPlain too.\n\n[a]: https://a.example\n";
    for (let length = 1; length <= text.length; length += 1) {
      view.update(text.slice(0, length), false);
    }
    const before = [...container.querySelectorAll("p")];
    view.update(text, true);
    const after = [...container.querySelectorAll("p")];
    assert.deepEqual(after, before);
    assert.equal(container.querySelector("a")?.getAttribute("href"), "https://a.example");
  });

  it("has sections in sections, but not without end", () => {
    const { view, container } = createView();
    const sections = (count: number): string => `${"<details>\n".repeat(count)}\nin\n\n${"</details>\n".repeat(count)}\nout\n`;
    view.update(sections(3), true);
    assert.equal(container.querySelectorAll("details").length, 3);
    assert.equal(container.lastElementChild!.textContent, "out");
    view.update(sections(5_000), true);
    assert.equal(container.querySelectorAll("details").length, 20);
    assert.equal(container.querySelector("details p")!.textContent, "in");
    assert.equal(container.lastElementChild!.textContent, "out");
  });

  it("starts anew with a text that does not continue the one before", () => {
    const { view, container } = createView();
    view.update("One.\n\nTwo.\n\nThree", false);
    view.update("Another.\n\nText", true);
    assert.equal(withoutPrefix(container.innerHTML), '<p dir="auto">Another.</p>\n<p dir="auto">Text</p>\n');
  });

  it("parses only the open tail", () => {
    const { view } = createView();
    const parsed: number[] = [];
    const parse = renderer.parser.parse.bind(renderer.parser);
    renderer.parser.parse = (source, env) => {
      parsed.push(source.length);
      return parse(source, env);
    };
    let text = "";
    for (let index = 0; index < 200; index += 1) {
      text += `Paragraph ${index} of a long answer.\n\n`;
      view.update(text, false);
    }
    view.update(text, true);
    renderer.parser.parse = parse;
    assert.ok(Math.max(...parsed) < 150, `at most ${Math.max(...parsed)} of ${text.length} characters at once`);
  });
});
