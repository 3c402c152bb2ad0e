import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { DiagramBlock } from "../../src/diagrams/diagram-block.js";
import type { Drawing } from "../../src/diagrams/drawing.js";
import { FakeBundles } from "../doubles/bundles.js";
import { ChatPage } from "../view/page.js";

const SOURCE = "graph LR\nA --> B\n";

describe("DiagramBlock", () => {
  let page: ChatPage;
  let asked: string[];
  let answer: (source: string) => Drawing;
  let bundles: FakeBundles;
  let block: DiagramBlock;
  const theme = { isDark: false, tell: () => undefined };

  beforeEach(async () => {
    page = new ChatPage();
    asked = [];
    answer = (source) => ({ svg: `<svg>${source.length} #</svg>`, width: 10.2, height: 20, title: "" });
    theme.isDark = false;
    bundles = await FakeBundles.loaded({
      sandbox: {
        draw: async (source, isDark) => {
          asked.push(`${source} ${isDark ? "dark" : "light"}`);
          return answer(source);
        },
      },
    });
    create();
  });

  function create(): void {
    block = new DiagramBlock({
      code: {
        document: page.window.document,
        copy: {
          clipboard: { copyText: () => Promise.resolve(true) },
          announcer: { announce: () => undefined },
          clock: bundles.clock,
        },
        regions: { watch: () => undefined },
        highlighter: bundles.highlighter,
        work: bundles.work,
      },
      sandbox: bundles.sandbox,
      theme,
    });
    page.transcript.replaceChildren(block.element);
  }

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const image = (): HTMLImageElement => page.part("img") as HTMLImageElement;
  const toggle = (): HTMLElement => page.part(".chat-source-button");
  const isShown = (selector: string): boolean => !page.part(selector).hidden;

  it("is a code block while it is written", async () => {
    block.update("graph LR\n", false);
    await settle();
    assert.equal(page.part("code").textContent, "graph LR\n");
    assert.deepEqual([asked, isShown("pre"), isShown(".chat-diagram-figure"), isShown(".chat-source-button")], [[], true, false, false]);
  });

  it("is a picture when it is complete", async () => {
    block.update(SOURCE, true);
    await settle();
    assert.deepEqual(asked, [`${SOURCE} light`]);
    assert.deepEqual([isShown("pre"), isShown(".chat-diagram-figure"), isShown(".chat-diagram-note")], [false, true, false]);
    assert.equal(image().src, "data:image/svg+xml;charset=utf-8,%3Csvg%3E17%20%23%3C%2Fsvg%3E");
    assert.deepEqual([image().width, image().height, image().alt], [11, 20, "Diagram"]);
  });

  it("says what it is, if its source does", async () => {
    answer = () => ({ svg: "<svg/>", width: 1, height: 1, title: "How it goes" });
    block.update(SOURCE, true);
    await settle();
    assert.equal(image().alt, "Diagram: How it goes");
  });

  it("is drawn once", async () => {
    block.update(SOURCE, true);
    block.update(SOURCE, true);
    await settle();
    assert.equal(asked.length, 1);
  });

  it("shows its source and the picture again", async () => {
    block.update(SOURCE, true);
    await settle();
    page.click(toggle());
    assert.deepEqual([isShown("pre"), isShown(".chat-diagram-figure")], [true, false]);
    assert.equal(toggle().getAttribute("aria-label"), "Show diagram");
    page.click(toggle());
    assert.deepEqual([isShown("pre"), isShown(".chat-diagram-figure")], [false, true]);
    assert.equal(toggle().getAttribute("aria-label"), "Show source");
  });

  it("is drawn anew in another theme, and stays what is shown", async () => {
    block.update(SOURCE, true);
    await settle();
    page.click(toggle());
    theme.isDark = true;
    block.themeChanged();
    await settle();
    assert.deepEqual(asked, [`${SOURCE} light`, `${SOURCE} dark`]);
    assert.ok(isShown("pre"));
  });

  it("is drawn anew when the theme is switched while it is drawn", async () => {
    block.update(SOURCE, true);
    theme.isDark = true;
    block.themeChanged();
    await settle();
    assert.deepEqual(asked, [`${SOURCE} light`, `${SOURCE} dark`]);
    assert.ok(isShown(".chat-diagram-figure"));
  });

  it("is not drawn for another theme before it was for one", () => {
    block.themeChanged();
    assert.deepEqual(asked, []);
  });

  it("shows its source with a word about it when it can't be drawn", async () => {
    answer = () => {
      throw new Error("no diagram");
    };
    block.update(SOURCE, true);
    await settle();
    assert.deepEqual([isShown("pre"), isShown(".chat-diagram-figure"), isShown(".chat-source-button")], [true, false, false]);
    assert.ok(isShown(".chat-diagram-note"));
  });

  it("does so when the browser does not show the picture", async () => {
    block.update(SOURCE, true);
    await settle();
    image().dispatchEvent(new page.window.Event("error"));
    assert.deepEqual([isShown("pre"), isShown(".chat-diagram-note")], [true, true]);
  });

  it("is not drawn when it is too long", async () => {
    block.update("x".repeat(20_001), true);
    await settle();
    assert.deepEqual(asked, []);
    assert.ok(isShown(".chat-diagram-note"));
  });

  it("waits for what draws it", async () => {
    bundles = new FakeBundles({ sandbox: { draw: async (source) => answer(source) } });
    create();
    block.update(SOURCE, true);
    assert.ok(isShown("pre"));
    await settle();
    assert.ok(isShown(".chat-diagram-figure"));
  });
});
