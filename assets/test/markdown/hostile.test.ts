import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { typesetter } from "../../src/math/bundle/main.js";
import { FakeBundles } from "../doubles/bundles.js";
import { createWidgets } from "../doubles/widgets.js";
import { policy } from "./policy.js";

const PAGE = "https://dashboard.example/reports/sales";
const { window } = new JSDOM("<!doctype html>");
// KaTeX knows no other document.
Object.assign(globalThis, { document: window.document });
const widgets = createWidgets(window, await FakeBundles.loaded({ typesetter }));
const renderer = new MarkdownRenderer({ sanitizer: new Sanitizer(window, policy), policy, widgets, id: "x" });

const addresses = [
  "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java&Tab;script&colon;alert(1)", "java&NewLine;script:alert(1)",
  "&#x6A;avascript:alert(1)", "\u0001javascript:alert(1)", "vbscript:x", "data:text/html,<script>1</script>", "data:image/svg+xml,<svg onload=alert(1)>",
  "//evil.example/x", "/\\evil.example/x", "\\\\evil.example", "\\/evil.example", "http:evil.example", "https:/evil.example",
  "///evil.example", "/&Tab;/evil.example", "&sol;&sol;evil.example", "&bsol;/evil.example", "https&colon;//evil.example",
  "https://images.example@evil.example/a", "https://images.example.evil.example/a", "http://images.example/a", "https:\\\\evil.example\\x",
  "\u00a0//evil.example", "//images.example:8443/a", "blob:https://dashboard.example/x", "file:///etc", "ws://evil.example",
];

/** All ways to name an address. */
function answer(address: string): string {
  return [
    `![a](${address}) ![a](<${address}>) [a](${address}) [a](<${address}> "t\\" onmouseover=alert(1) ") <${address}> ${address} <img src="${address}">`,
    `[![a](${address})](${address}) ![a][r] [a][r] text[^1]`,
    `[^1]: ![a](${address}) [b](${address})`,
    `| ![a](${address}) | [b](${address}) |\n|---|---|\n| ![c](${address}) | <${address}> |`,
    `<details open ontoggle="${address}">\n<summary>![a](${address})</summary>\n\n![a](${address})\n\n</details>`,
    `$\\href{${address}}{x}$ $\\includegraphics{${address}}$ $\\url{${address}}$ $\\htmlStyle{background:url(${address})}{x}$`,
    `$$\n\\def\\a{\\href{${address}}{x}}\\a\n$$`,
    `$\\htmlData{a=b,onclick=${address}}{x}$ $\\htmlId{app}{x}$ $\\htmlClass{app}{x}$ $\\colorbox{red;background:url(${address})}{x}$`,
    `\`\`\`html" onload="x\n<img src=${address}>\n\`\`\``,
    `[r]: <${address}> 'x'`,
  ].join("\n\n");
}

function assertHarmless(container: Element): void {
  assert.equal(container.querySelector("script, style, link, meta, base, iframe, object, embed, form, image, use, animate"), null);
  for (const element of container.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      assert.doesNotMatch(name, /^on|^srcset$|^ping$|^xlink/, element.outerHTML);
      if (name === "src") {
        assert.ok(["https://dashboard.example", "https://images.example"].includes(new URL(value, PAGE).origin), element.outerHTML);
      } else if (name === "href") {
        const { origin, protocol } = new URL(value, PAGE);
        assert.match(protocol, /^(?:https?|mailto):$/, element.outerHTML);
        assert.ok(origin === "https://dashboard.example" || element.getAttribute("rel") === "noopener noreferrer", element.outerHTML);
      } else if (name === "style") {
        assert.doesNotMatch(value, /url|position: *(?:fixed|absolute)/, element.outerHTML);
      } else if (name === "id") {
        assert.match(value, /^vizro-ws-chat-note-/, element.outerHTML);
      }
    }
  }
}

describe("An answer loads nothing from elsewhere and runs nothing", () => {
  for (const address of addresses) {
    it(`whatever it does with ${JSON.stringify(address)}`, () => {
      const container = window.document.createElement("div");
      const view = new MarkdownView(container, renderer);
      const text = answer(address);
      for (const part of [0.3, 0.6, 0.9]) {
        view.update(text.slice(0, text.length * part), false);
        assertHarmless(container);
      }
      view.update(text, true);
      assertHarmless(container);
      assert.notEqual(container.querySelector(".katex"), null);
    });
  }
});
