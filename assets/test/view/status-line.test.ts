import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { StatusLine } from "../../src/view/status-line.js";
import { answer, chat, ChatPage, question } from "./page.js";

describe("StatusLine", () => {
  let page: ChatPage;
  let line: StatusLine;

  beforeEach(() => {
    page = new ChatPage();
    line = new StatusLine(page.status);
  });

  const announced = (): string | null => page.part(".chat-announcement").textContent;

  it("shows the notice and takes it away", () => {
    line.render(chat([], { notice: "Many are here." }), false);
    assert.equal(page.part('.chat-notice[role="status"]').textContent, "Many are here.");
    line.render(chat([]), false);
    assert.equal(page.part(".chat-notice").textContent, "");
  });

  it("says nothing about answers that were there before", () => {
    line.render(chat([answer("a", "x", "done")]), false);
    assert.equal(announced(), "");
  });

  for (const [status, text] of [["done", "Answer complete"], ["stopped", "Stopped"], ["error", ""], ["interrupted", ""]] as const) {
    it(`announces a run that ends as ${status}`, () => {
      line.render(chat([answer("a", "x", "streaming")]), true);
      assert.equal(announced(), "Generating…");
      line.render(chat([answer("a", "x", status)]), false);
      assert.equal(announced(), text);
    });
  }

  it("completes nothing when a live answer is left for another conversation", () => {
    line.render(chat([answer("a", "Half", "streaming")], { status: "streaming", thread: "one" }), true);
    line.render(chat([answer("b", "Whole", "done")], { thread: "two" }), false);
    assert.equal(announced(), "");
  });

  it("does not say that an answer is coming while its question is pending", () => {
    const sent = question("a", "Hi");
    line.render(chat([sent, answer("b", "", "submitted")]), true);
    line.render(chat([{ ...sent, pending: true }]), true);
    assert.equal(announced(), "");
    line.render(chat([answer("before", "x", "done")]), false);
    assert.equal(announced(), "", "it was withdrawn, nothing has ended");
    line.render(chat([sent, answer("b", "", "submitted")]), true);
    assert.equal(announced(), "Generating…");
  });

  it("speaks once an answer, not once a token", () => {
    line.render(chat([answer("a", "x", "streaming")]), true);
    const observer = new page.window.MutationObserver(() => undefined);
    observer.observe(page.status, { subtree: true, childList: true, characterData: true });
    line.render(chat([answer("a", "x y", "streaming")]), true);
    assert.deepEqual(observer.takeRecords(), []);
  });
});
