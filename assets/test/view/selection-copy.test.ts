import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { copyFormulasAsSource } from "../../src/view/selection-copy.js";
import { ChatPage } from "./page.js";

describe("Copying from the page", () => {
  let page: ChatPage;
  let leave: AbortController;

  beforeEach(() => {
    page = new ChatPage();
    page.transcript.innerHTML =
      '<p>so <span class="chat-math" data-chat-source="x^2"><i>x2</i><b>x2</b></span> is</p>\n' +
      '<div class="chat-code-header">python</div><pre>a = 1</pre>\n<p>end</p>\n';
    leave = new page.window.AbortController();
    copyFormulasAsSource(page.transcript, leave.signal);
  });

  /** What is on the clipboard after copying, unless that is left to the browser. */
  function copy(start: Node, end: Node): string | null {
    const selection = page.window.getSelection()!;
    selection.setBaseAndExtent(start, 0, end, end.childNodes.length || end.textContent!.length);
    let copied: string | null = null;
    const event = new page.window.Event("copy", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { setData: (_type: string, text: string) => (copied = text) } });
    start.parentElement!.dispatchEvent(event);
    assert.equal(event.defaultPrevented, copied !== null);
    return copied;
  }

  it("gives formulas as their source, and no buttons", () => {
    const [first, last] = page.transcript.querySelectorAll("p");
    assert.equal(copy(first!, last!), "so $x^2$ is\na = 1\nend");
  });

  it("gives a formula of which a piece is selected as a whole", () => {
    assert.equal(copy(page.part("i").firstChild!, page.part("i").firstChild!), "$x^2$");
  });

  it("is the browser's where no formula is selected", () => {
    const [, last] = page.transcript.querySelectorAll("p");
    assert.equal(copy(last!, last!), null);
  });

  it("is the browser's when the chat has left", () => {
    leave.abort();
    assert.equal(copy(page.part("i"), page.part("i")), null);
  });
});
