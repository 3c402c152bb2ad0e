import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { TableBlock } from "../../src/tables/table-block.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { ChatPage } from "../view/page.js";

describe("TableBlock", () => {
  let page: ChatPage;
  let copied: string[];
  let watched: [Element, Element, string][];

  beforeEach(() => {
    page = new ChatPage();
    copied = [];
    watched = [];
    page.transcript.innerHTML =
      '<div class="chat-table-scroll"><table><thead><tr><th>a</th><th data-align="center">b</th></tr></thead>' +
      "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>";
    const scroller = page.part(".chat-table-scroll");
    const block = new TableBlock(scroller, {
      document: page.window.document,
      copy: {
        clipboard: {
          copyText: async (text) => {
            copied.push(text);
            return true;
          },
        },
        announcer: { announce: () => undefined },
        clock: new FakeClock(),
      },
      regions: { watch: (...watch) => watched.push(watch) },
    });
    page.transcript.append(block.element);
  });

  for (const [label, text] of [
    ["Copy table as CSV", "a,b\r\n1,2\r\n3,4\r\n"],
    ["Copy table as Markdown", "| a | b |\n| --- | :-: |\n| 1 | 2 |\n| 3 | 4 |\n"],
  ] as const) {
    it(`has a button: ${label}, which copies the table as it is now`, () => {
      page.part("tbody").insertAdjacentHTML("beforeend", "<tr><td>3</td><td>4</td></tr>");
      page.click(page.part(`[aria-label="${label}"]`));
      assert.deepEqual(copied, [text]);
    });
  }

  it("can be scrolled", () => {
    assert.deepEqual(watched, [[page.part(".chat-table-scroll"), page.part("table"), "Table"]]);
  });
});
