import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { highlighter } from "../../src/code/bundle/main.js";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { PlainFragments } from "../../src/markdown/plain-fragments.js";
import { typesetter } from "../../src/math/bundle/main.js";
import { FakeBundles } from "../doubles/bundles.js";
import { createWidgets } from "../doubles/widgets.js";
import { documents } from "./documents.js";
import { CachingSanitizer } from "./one-shot.js";
import { policy } from "./policy.js";

const { window } = new JSDOM("<!doctype html>");
// KaTeX knows no other document.
Object.assign(globalThis, { document: window.document });
const sanitizer = new CachingSanitizer(window);
const parts = {
  highlighter,
  typesetter,
  sandbox: { draw: async (source: string) => ({ svg: `<svg>${source}</svg>`, width: 1, height: 1, title: "" }) },
};

function createView(bundles: FakeBundles): { view: MarkdownView; container: HTMLElement } {
  const container = window.document.createElement("div");
  const renderer = new MarkdownRenderer({ sanitizer: new PlainFragments(window.document, sanitizer), policy, widgets: createWidgets(window, bundles), id: "x" });
  return { view: new MarkdownView(container, renderer), container };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function atOnce(text: string): Promise<string> {
  const { view, container } = createView(await FakeBundles.loaded(parts));
  view.update(text, true);
  await settle();
  return container.innerHTML;
}

describe("Code, formulas and diagrams", () => {
  for (const name of ["codeInLanguages", "math", "diagrams"] as const) {
    const text = documents[name]!;

    it(`look the same when "${name}" is fed character by character and the bundles come at any time`, async () => {
      const whole = await atOnce(text);
      for (let at = 0; at <= text.length; at += 7) {
        const { view, container } = createView(new FakeBundles(parts));
        for (let length = 0; length <= text.length; length += 1) {
          view.update(text.slice(0, length), false);
          if (length === at) {
            await settle();
          }
        }
        view.update(text, true);
        await settle();
        assert.equal(container.innerHTML, whole, `came after ${at} characters`);
      }
    });
  }

  it("are not made again by later text", async () => {
    const { view, container } = createView(await FakeBundles.loaded(parts));
    const text = "```python\nreturn 1\n```\n\nso $x$ is\n\n$$\ny\n$$\n\n```mermaid\ngraph LR\n```\n\n| a |\n|---|\n| $z$ |\n\nend\n\n";
    view.update(text, false);
    await settle();
    const before = container.innerHTML;
    const observer = new window.MutationObserver(() => undefined);
    observer.observe(container, { subtree: true, childList: true, attributes: true, characterData: true });
    view.update(`${text}more`, false);
    view.update(`${text}more\n\nand $more$`, true);
    await settle();
    const changed = observer.takeRecords().filter(({ target }) => target !== container && target.isConnected);
    assert.equal(container.innerHTML.slice(0, before.length), before);
    assert.ok(changed.every(({ target }) => container.lastElementChild!.contains(target)));
  });

  it("stay while the paragraph that they are in grows", async () => {
    const { view, container } = createView(await FakeBundles.loaded(parts));
    view.update("so $x$ is", false);
    const shown = container.querySelector(".katex");
    view.update("so $x$ is what **it", false);
    view.update("so $x$ is what **it** is, $y$.", true);
    assert.ok(shown);
    assert.equal(container.querySelector(".katex"), shown);
    assert.equal(container.querySelectorAll(".katex").length, 2);
  });
});
