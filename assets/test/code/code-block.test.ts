import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { highlighter } from "../../src/code/bundle/main.js";
import { CodeBlock } from "../../src/code/code-block.js";
import { FakeBundles } from "../doubles/bundles.js";
import { ChatPage } from "../view/page.js";

describe("CodeBlock", () => {
  let page: ChatPage;
  let copied: string[];
  let watched: string[];

  beforeEach(() => {
    page = new ChatPage();
    copied = [];
    watched = [];
  });

  function create(language: string, bundles = new FakeBundles()): CodeBlock {
    const block = new CodeBlock(language, {
      document: page.window.document,
      copy: {
        clipboard: {
          copyText: async (text) => {
            copied.push(text);
            return true;
          },
        },
        announcer: { announce: () => undefined },
        clock: bundles.clock,
      },
      regions: { watch: (_scroller, _content, name) => watched.push(name) },
      highlighter: bundles.highlighter,
      work: bundles.work,
    });
    page.transcript.append(block.element);
    return block;
  }

  const code = (): HTMLElement => page.part("code");

  it("says which language it is in", () => {
    create("python");
    assert.equal(page.part(".chat-code-language").textContent, "python");
    assert.deepEqual(watched, ["Code, python"]);
  });

  it("copies what is shown, without the end of its last line", async () => {
    const block = create("python");
    block.update("a = 1\nb = 2\n");
    page.click(page.part('[aria-label="Copy code"]'));
    await new Promise(setImmediate);
    assert.deepEqual(copied, ["a = 1\nb = 2"]);
  });

  it("wraps its lines and lets them run again", () => {
    const { element } = create("python");
    const button = page.part('[aria-label="Wrap lines"]');
    page.click(button);
    assert.equal(button.getAttribute("aria-pressed"), "true");
    assert.ok(element.hasAttribute("data-wrapped"));
    page.click(button);
    assert.equal(button.getAttribute("aria-pressed"), "false");
    assert.ok(!element.hasAttribute("data-wrapped"));
  });

  it("is plain text until its colours are there", async () => {
    const bundles = new FakeBundles({ highlighter });
    const block = create("python", bundles);
    block.update("return 1");
    assert.equal(code().innerHTML, "return 1");
    await new Promise(setImmediate);
    assert.equal(code().firstElementChild?.className, "chat-token-keyword");
    block.update("return 1\nreturn 2");
    assert.equal(code().querySelectorAll(".chat-token-keyword").length, 2);
  });

  it("is coloured at once when they are", async () => {
    const block = create("python", await FakeBundles.loaded({ highlighter }));
    block.update("return 1");
    assert.equal(code().firstElementChild?.className, "chat-token-keyword");
  });

  it("stays plain text in a language that is not known", async () => {
    const block = create("klingon", await FakeBundles.loaded({ highlighter }));
    block.update("nuqneH");
    block.update("nuqneH\n");
    assert.equal(code().innerHTML, "nuqneH\n");
  });

  for (const language of ["", "text", "Plaintext"]) {
    it(`loads nothing to show ${JSON.stringify(language)}`, () => {
      const bundles = new FakeBundles();
      create(language, bundles).update("text");
      assert.deepEqual(bundles.asked, []);
    });
  }

  it("loads nothing before it has a text", () => {
    const bundles = new FakeBundles();
    const block = create("python", bundles);
    block.update("");
    assert.deepEqual(bundles.asked, []);
    block.update("a");
    block.update("ab");
    assert.deepEqual(bundles.asked, ["highlighter"]);
  });
});
