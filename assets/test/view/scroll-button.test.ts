import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ScrollButton } from "../../src/view/scroll-button.js";
import { ChatPage } from "./page.js";

describe("ScrollButton", () => {
  let page: ChatPage;
  let button: ScrollButton;

  beforeEach(() => {
    page = new ChatPage();
    page.transcript.tabIndex = 0;
    page.layOut(1000, 400);
    button = new ScrollButton(page.transcript, page.status);
  });

  it("is there while the end is out of sight, and wanted", () => {
    assert.equal(button.element.hidden, true);
    const shown = [500, 520, 521].map((top) => {
      page.scrollTo(top);
      button.settle(true);
      return !button.element.hidden;
    });
    assert.deepEqual(shown, [true, true, false]);
    page.scrollTo(0);
    button.settle(false);
    assert.equal(button.element.hidden, true);
  });

  it("has a name, and gives the focus to what it scrolls", () => {
    let went = 0;
    button.onPress(() => (went += 1));
    page.click(page.button("Scroll to latest message"));
    assert.equal(went, 1);
    assert.equal(button.element.title, "Scroll to latest message");
    assert.equal(page.focused, page.transcript);
  });

  it("leaves with the chat", () => {
    button.destroy();
    assert.equal(button.element.isConnected, false);
  });
});
