import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { createWidgets } from "../doubles/widgets.js";
import { CachingSanitizer, OneShot, withoutPrefix } from "./one-shot.js";
import { policy } from "./policy.js";

const SIZE = 24;
const { window } = new JSDOM();
const sanitizer = new CachingSanitizer(window);
const widgets = createWidgets(window);
const renderer = new MarkdownRenderer({ sanitizer, policy, widgets, id: "x" });
const oneShot = new OneShot(sanitizer, widgets);

function createView(): { view: MarkdownView; container: HTMLElement } {
  const container = window.document.createElement("div");
  return { view: new MarkdownView(container, renderer), container };
}

function shown(text: string, ended: boolean): string {
  const { view, container } = createView();
  view.update(text, ended);
  return withoutPrefix(container.innerHTML);
}

const groups = (container: Element): Element[] => [...container.querySelectorAll(":scope > .chat-block-group")];
const paragraphs = (count: number): string => Array.from({ length: count }, (_, index) => `p${index}\n\n`).join("");

/** Around the end of a group: what turns into something else as it grows, and footnotes. */
const documents = {
  "a heading by its underline": `${paragraphs(SIZE - 1)}Title\n===\n\ntext\n\n${paragraphs(3)}`,
  "a list that goes on": `${paragraphs(SIZE - 1)}1. a\n\n2. b\n\ntext\n\n- c\n\n\n- d\n\nend`,
  "code and tables": `${paragraphs(SIZE - 2)}\`\`\`py\nx\n\ny\n\`\`\`\n\n|a|b|\n|-|-|\n|c|d|\n\n\`\`\`\nz\n\`\`\`\n\n***\n\nend`,
  "footnotes": `a[^1]\n\n${paragraphs(SIZE - 2)}[^1]: One.\n\nb[^2]\n\nc\n\n[^2]: Two.\n\n    More.\n\n${paragraphs(SIZE)}d[^1]`,
  "a definition at the end": `[a]\n\n${paragraphs(SIZE)}[b][a]\n\n[a]: /x\n`,
};

describe("BlockGroups", () => {
  for (const [name, text] of Object.entries(documents)) {
    it(`come out the same however the text comes: ${name}`, () => {
      const whole = shown(text, true);
      const single = createView();
      for (let at = 0; at <= text.length; at += 1) {
        single.view.update(text.slice(0, at), false);
        // The definitions of links are the only thing that changes what is finished.
        if (at >= text.indexOf(`p${SIZE - 4}`) && !text.includes("]:") && at % 2 === 0) {
          assert.equal(withoutPrefix(single.container.innerHTML), shown(text.slice(0, at), false), `after ${at} characters`);
        }
      }
      single.view.update(text, true);
      assert.equal(withoutPrefix(single.container.innerHTML), whole);
    });

    it(`add nothing but themselves: ${name}`, () => {
      const { view, container } = createView();
      view.update(text, true);
      for (const group of groups(container)) {
        assert.equal((group.firstElementChild as HTMLElement).hidden, true);
        group.firstElementChild!.remove();
        group.replaceWith(...group.childNodes);
      }
      assert.equal(withoutPrefix(container.innerHTML), oneShot.html(text, true));
    });
  }

  it("are there from the block on that is one too many, and as long as it is", () => {
    const { view, container } = createView();
    view.update(paragraphs(SIZE), false);
    assert.equal(groups(container).length, 0);
    view.update(`${paragraphs(SIZE)}more`, false);
    assert.equal(groups(container).length, 1);
    view.update(`${paragraphs(2 * SIZE)}more`, false);
    assert.deepEqual(groups(container).map((group) => group.querySelectorAll("p:not([hidden])").length), [SIZE, 1]);
    view.update("other", true);
    assert.equal(container.innerHTML, '<p dir="auto">other</p>\n');
  });

  it("are full but for the last one, which is laid out wherever it is", () => {
    const full = (container: Element): boolean[] => groups(container).map((group) => group.matches(".chat-block-group-full"));
    const { view, container } = createView();
    view.update(paragraphs(4 * SIZE), false);
    assert.deepEqual(full(container), [true, true, false]);
    view.update(paragraphs(4 * SIZE) + "more", false);
    assert.deepEqual(full(container), [true, true, true, false]);
    view.update(paragraphs(2 * SIZE), true);
    assert.deepEqual(full(container), [false]);
  });

  it("begin with what stands before them, out of sight, for the distance to it", () => {
    const { view, container } = createView();
    const text = `${paragraphs(SIZE - 1)}Title\n\ntext`;
    const standIn = (): string => groups(container)[0]!.firstElementChild!.outerHTML;
    view.update(text, false);
    assert.equal(standIn(), '<p hidden=""></p>');
    view.update(text.replace("Title", "## Title"), false);
    assert.equal(standIn(), '<h2 hidden=""></h2>');
  });

  it("keep the nodes of finished blocks where they are", () => {
    const { view, container } = createView();
    const moved: Node[] = [];
    const observer = new window.MutationObserver(() => undefined);
    observer.observe(container, { childList: true, subtree: true });
    const text = paragraphs(2 * SIZE + 2);
    for (let at = 0; at <= text.length; at += 1) {
      view.update(text.slice(0, at), at === text.length);
      moved.push(...observer.takeRecords().flatMap(({ removedNodes }) => [...removedNodes]));
    }
    assert.deepEqual(moved, []);
  });
});
