import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ChatView } from "../../src/view/chat-view.js";
import { answer, chat, ChatPage, ManualFrames, question, RecordedEvents } from "./page.js";

describe("ChatView", () => {
  let page: ChatPage;
  let events: RecordedEvents;
  let frames: ManualFrames;
  let view: ChatView;

  beforeEach(() => {
    page = new ChatPage();
    events = new RecordedEvents();
    frames = new ManualFrames();
    view = new ChatView(page.root, events, frames);
  });

  const live = (text: string) => chat([question("a", "Hi"), answer("b", text, "streaming")], { status: "streaming" });

  it("paints the last of many updates, once", () => {
    const text = "word ".repeat(100);
    for (let length = 1; length <= text.length; length += 1) {
      view.update(live(text.slice(0, length)));
    }
    assert.equal(page.transcript.childElementCount, 0);
    frames.frame();
    assert.equal(page.part(".assistant-markdown").textContent, `${text.trim()}\n`);
    assert.equal(frames.pending, 0);
  });

  it("has everything when a page without frames is shown again", () => {
    view.update(live("One"));
    frames.pass(1000);
    view.update(chat([question("a", "Hi"), answer("b", "One two", "done")]));
    frames.settle();
    assert.equal(page.part(".assistant-markdown").innerHTML, "<p>One two</p>\n");
  });

  it("turns the button into Stop at once, before any frame", () => {
    view.update(live(""));
    page.click(page.send);
    assert.deepEqual(events.log, ["stop"]);
  });

  it("stops a live run with Escape, anywhere in the chat", () => {
    view.update(live("x"));
    assert.equal(page.press("Escape", {}, page.transcript).defaultPrevented, true);
    assert.deepEqual(events.log, ["stop"]);
  });

  it("leaves Escape to others when nothing runs or it has been handled", () => {
    view.update(chat([]));
    assert.equal(page.press("Escape").defaultPrevented, false);
    view.update(live("x"));
    page.composer.addEventListener("keydown", (event) => event.preventDefault(), { once: true });
    page.press("Escape");
    assert.deepEqual(events.log, []);
  });

  it("goes to the bottom when a message is sent", () => {
    page.layOut(1000, 400);
    view.update(chat([question("a", "Hi")]));
    frames.frame();
    page.scrollTo(0);
    page.field.value = "Next";
    page.press("Enter");
    frames.settle();
    assert.equal(page.transcript.scrollTop, 600);
  });

  it("retries, but not while a run is alive", () => {
    const failed = [answer("a", "", "error", { text: "It failed.", ref: null })];
    view.update(chat(failed, { status: "error" }));
    frames.frame();
    const retry = page.part(".chat-retry-button");
    page.click(retry);
    view.update(chat(failed, { status: "submitted" }));
    page.click(retry);
    assert.deepEqual(events.log, ["engage", "retry"]);
    assert.equal(page.field.ownerDocument.activeElement, page.field);
  });

  it("reports a focus that was there before", () => {
    view.destroy();
    page.field.focus();
    view = new ChatView(page.root, events, frames);
    assert.deepEqual(events.log, []);
    view.update(chat([]));
    frames.frame();
    assert.deepEqual(events.log, ["engage"]);
  });

  it("gives every button a name", () => {
    view.update(chat([answer("a", "", "interrupted")]));
    frames.frame();
    for (const button of page.root.querySelectorAll("button")) {
      assert.ok(button.getAttribute("aria-label") ?? button.textContent, button.outerHTML);
    }
  });

  it("leaves the page's own elements empty when destroyed", () => {
    view.update(live("x"));
    frames.frame();
    view.update(live("x y"));
    view.destroy();
    assert.equal(frames.pending, 0);
    assert.deepEqual(
      [page.transcript, page.status, page.send].map(({ childElementCount }) => childElementCount),
      [0, 0, 0],
    );
  });

  it("names the part that a page lacks", () => {
    page.status.remove();
    assert.throws(() => new ChatView(page.root, events, frames), /data-chat-part="status"/);
  });
});
