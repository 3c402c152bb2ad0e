import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { KeptFiles } from "../../src/attachments/kept-files.js";
import { UploadRules } from "../../src/attachments/upload-rules.js";
import type { Looks } from "../../src/config.js";
import { ChatView } from "../../src/view/chat-view.js";
import { Draft } from "../../src/view/draft.js";
import { FakeBundles } from "../doubles/bundles.js";
import { FakeDash } from "../doubles/fake-dash.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { FakeUploader, fileRef } from "../doubles/fake-uploader.js";
import { MemoryStorage } from "../doubles/memory-storage.js";
import { answer, chat, ChatPage, LOOKS, ManualFrames, question, RecordedEvents } from "./page.js";

describe("ChatView", () => {
  let page: ChatPage;
  let events: RecordedEvents;
  let frames: ManualFrames;
  let view: ChatView;
  let storage: MemoryStorage;
  let uploader: FakeUploader;
  let bundles: FakeBundles;
  let clock: FakeClock;
  let dash: FakeDash;

  beforeEach(() => {
    page = new ChatPage();
    dash = new FakeDash(page.window.document);
    events = new RecordedEvents();
    frames = new ManualFrames();
    storage = new MemoryStorage();
    uploader = new FakeUploader();
    bundles = new FakeBundles();
    clock = new FakeClock();
    page.window.URL.createObjectURL = () => "blob:";
    page.window.URL.revokeObjectURL = () => {};
    view = open();
  });

  const open = (looks: Partial<Looks> = {}): ChatView =>
    new ChatView(page.root, events, {
      looks: { ...LOOKS, ...looks },
      draft: new Draft(() => storage, "draft"),
      attachments: {
        rules: new UploadRules({ maxBytes: 10, maxFiles: 2, ttlMs: 1_000, types: [] }),
        uploader,
        kept: new KeptFiles(new Draft(() => storage, "files")),
        url: (id) => `/upload/${id}`,
      },
      pins: null,
      files: { url: (id) => `/upload/${id}`, isGone: async () => false },
      clipboard: { copyText: () => Promise.resolve(true) },
      clock,
      bundles,
      dash,
      imageOrigins: [],
      frames,
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

  it("shows a new message at the next frame, more of an old one when it is due", () => {
    const now = [question("a", "Hi"), answer("b", "One", "streaming")];
    view.update(chat(now, { status: "streaming" }));
    frames.frame();
    view.update(live("One two"));
    frames.frame();
    assert.equal(page.part(".assistant-markdown").textContent, "One\n");
    view.update(chat([...now, question("c", "And?")]));
    frames.frame();
    assert.ok(page.transcript.textContent.includes("And?"));
  });

  it("has everything when a page without frames is shown again", () => {
    view.update(live("One"));
    frames.pass(1000);
    view.update(chat([question("a", "Hi"), answer("b", "One two", "done")]));
    frames.settle();
    assert.equal(page.part(".assistant-markdown").innerHTML, '<p dir="auto">One two</p>\n');
  });

  describe("with files", () => {
    const paste = (name: string): void => {
      const clipboardData = { types: ["Files"], items: [], files: [new File(["x"], name, { type: "image/png" })] };
      const event = new page.window.Event("paste", { bubbles: true, cancelable: true });
      page.field.dispatchEvent(Object.assign(event, { clipboardData }));
    };
    const sent = (): string[] => events.log.filter((event) => event.startsWith("submit"));
    const chips = (): number => page.root.querySelectorAll(".chat-file-preview .chat-file-chip").length;

    it("sends them with the text, or without any", () => {
      paste("a.png");
      page.press("Enter");
      assert.deepEqual(events.log, []);
      uploader.finish();
      page.press("Enter");
      page.press("Enter");
      assert.deepEqual(sent(), ["submit  + a.png"]);
      assert.equal(chips(), 0);
    });

    it("keeps them when they are not taken", () => {
      paste("a.png");
      uploader.finish();
      events.takes = false;
      page.press("Enter");
      assert.equal(chips(), 1);
    });

    it("gives them back with a question that is withdrawn", () => {
      view.update(chat([{ ...question("a", "Hi"), pending: true, attachments: [fileRef("a.png")] }]));
      frames.settle();
      page.click(page.button("Withdraw"));
      assert.equal(chips(), 1);
      assert.equal(page.field.value, "Hi");
    });

    it("does not send them with an example", () => {
      view.update(chat([]));
      frames.settle();
      paste("a.png");
      uploader.finish();
      page.click(page.button("Why?"));
      assert.deepEqual(sent(), ["submit Why?"]);
      assert.equal(chips(), 1);
    });
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

  const pending = () => chat([{ ...question("a", "Hi"), pending: true }], { status: "submitted", stalled: true });

  it("gives a withdrawn question back to be changed", () => {
    view.update(pending());
    frames.frame();
    page.click(page.part(".chat-message-pending button"));
    assert.deepEqual(events.log, ["withdraw a", "engage"]);
    assert.equal(page.field.value, "Hi");
  });

  it("keeps the focus in the chat when the question has been sent after all", () => {
    view.update(pending());
    frames.frame();
    page.part(".chat-message-pending button").focus();
    view.update(live(""));
    frames.settle();
    assert.equal(page.field.ownerDocument.activeElement, page.field);
  });

  it("does not when it has been sent after all", () => {
    events.takes = false;
    view.update(pending());
    frames.frame();
    page.click(page.part(".chat-message-pending button"));
    assert.equal(page.field.value, "");
  });

  it("tries now when asked, and takes the focus of a button that goes", () => {
    view.update(chat([], { connection: "reconnecting", stalled: true }));
    frames.frame();
    const tryNow = page.part(".chat-connection button");
    tryNow.focus();
    page.click(tryNow);
    view.update(chat([]));
    frames.settle();
    assert.deepEqual(events.log, ["try now", "engage"]);
    assert.equal(page.field.ownerDocument.activeElement, page.field);
  });

  it("tells the connection's state to style sheets and tests", () => {
    view.update(chat([], { connection: "offline" }));
    frames.frame();
    assert.equal(page.root.dataset["chatConnection"], "offline");
  });

  it("reports a focus that was there before", () => {
    view.destroy();
    page.field.focus();
    view = open();
    assert.deepEqual(events.log, []);
    view.update(chat([]));
    frames.frame();
    assert.deepEqual(events.log, ["engage"]);
  });

  it("loads the colours of code when somebody is about to ask", () => {
    view.update(chat([]));
    frames.frame();
    assert.deepEqual(bundles.asked, []);
    page.field.focus();
    assert.deepEqual(bundles.asked, ["highlighter"]);
  });

  it("renders something then that is not seen, so that the first text does not take long, and loads nothing for it", () => {
    view.update(chat([]));
    frames.frame();
    page.field.focus();
    let views = 0;
    bundles.work.do = (call) => void ((views += 1), call());
    clock.pass(100);
    assert.ok(views > 0);
    assert.deepEqual(bundles.asked, ["highlighter"]);
    assert.equal(page.transcript.textContent, "");
    page.field.blur();
    page.field.focus();
    const once = views;
    clock.pass(100);
    assert.equal(views, once);
  });

  it("shows what waits below the messages, and gives back what is withdrawn", () => {
    view.destroy();
    view = open({ whileAnswering: "queue" });
    view.update(live("One"));
    frames.frame();
    page.field.value = "Two";
    page.press("Enter");
    assert.ok(events.log.includes("submit Two"));
    const file = fileRef("a.csv");
    const waiting = [{ key: "w", text: "Two", attachments: [file], createdMs: 0, status: "held" } as const];
    view.update(chat([question("a", "Hi"), answer("b", "One", "stopped")], { waiting }));
    frames.frame();
    assert.equal(page.transcript.lastElementChild?.className, "chat-waiting");
    const messages = Array.from({ length: 20 }, (_, index) => question(`q${index}`, `Message ${index}`));
    view.update(chat(messages, { waiting }));
    frames.settle();
    assert.equal(page.transcript.lastElementChild?.className, "chat-waiting", "also when there are many messages");
    assert.equal(page.transcript.querySelectorAll(".chat-waiting .chat-message-wrapper").length, 1);
    view.update(chat([], { waiting }));
    frames.settle();
    assert.equal(page.transcript.lastElementChild?.className, "chat-waiting", "also when there are few");
    page.click(page.button("Send now"));
    page.click(page.button("Withdraw"));
    assert.deepEqual(events.log.slice(-2), ["send now w", "withdraw w"]);
    assert.equal(page.field.value, "Two");
    assert.match(page.part(".chat-file-preview").textContent ?? "", /a\.csv/);
  });

  it("gives every button a name", () => {
    view.destroy();
    view = open({ whileAnswering: "deliver" });
    view.update(chat([answer("a", "", "interrupted")]));
    frames.frame();
    for (const button of page.root.querySelectorAll("button")) {
      assert.ok(button.getAttribute("aria-label") ?? button.textContent, button.outerHTML);
    }
  });

  it("introduces itself until there is a conversation", () => {
    assert.equal(page.empty.hidden, true);
    view.update(chat([]));
    frames.frame();
    assert.equal(page.empty.hidden, false);
    view.update(live("x"));
    frames.settle();
    assert.equal(page.empty.hidden, true);
  });

  it("asks an example at once", () => {
    view.update(chat([]));
    frames.frame();
    page.click(page.button("Why?", page.empty));
    assert.deepEqual(events.log, ["submit Why?", "engage"]);
    assert.equal(page.focused, page.field);
  });

  it("keeps an example that could not be asked", () => {
    events.takes = false;
    view.update(chat([]));
    frames.frame();
    page.click(page.button("Why?", page.empty));
    assert.equal(page.field.value, "Why?");
  });

  it("puts an example of the menu into the field, to be changed or sent", () => {
    view.update(live("x"));
    frames.frame();
    page.click(page.examples);
    page.click(page.button("How much?", page.composer));
    assert.equal(page.field.value, "How much?");
    assert.equal(page.focused, page.field);
  });

  it("has no menu of examples where there are none", () => {
    view.destroy();
    page.examples.remove();
    view = open({ exampleQuestions: [] });
    assert.ok(page.button("Conversation menu"));
  });

  it("clears the conversation, and offers to bring it back", () => {
    view.update(chat([question("a", "x")]));
    frames.frame();
    page.click(page.menu);
    page.click(page.button("Clear conversation"));
    assert.deepEqual(events.log, ["clear", "engage"]);
    assert.equal(page.focused, page.field);
    view.update(chat([], { cleared: true }));
    frames.settle();
    assert.equal(page.part(".chat-cleared-sentence").textContent, "Conversation cleared.");
    page.button("Undo").focus();
    page.click(page.button("Undo"));
    assert.equal(events.log.at(-1), "undo clear");
    view.update(chat([question("a", "x")]));
    frames.settle();
    assert.equal(page.button("Undo").hidden, true);
    assert.equal(page.focused, page.field);
  });

  it("calls it a new chat where the old one is kept", () => {
    view.destroy();
    view = open({ history: true });
    view.update(chat([question("a", "x")]));
    page.click(page.menu);
    assert.equal(page.button("Clear conversation"), undefined);
    page.click(page.button("New chat"));
    assert.deepEqual(events.log.slice(0, 1), ["clear"]);
  });

  it("goes to the end of another conversation", () => {
    view.update(chat([question("a", "x")], { thread: "one" }));
    frames.settle();
    page.layOut(500, 100);
    page.scrollTo(400);
    page.scrollTo(0);
    view.update(chat([question("a", "x")], { thread: "one", notice: "Something else." }));
    frames.settle();
    assert.equal(page.transcript.scrollTop, 0);
    view.update(chat([question("b", "y")], { thread: "two" }));
    frames.settle();
    assert.equal(page.transcript.scrollTop, 400);
  });

  it("hands the conversation out as a file", async () => {
    const { window } = page;
    const readBlob = (blob: Blob): Promise<string> =>
      new Promise((resolve) => {
        const reader = new window.FileReader();
        reader.onload = () => resolve(reader.result as string);
        reader.readAsText(blob);
      });
    const saved: Blob[] = [];
    const names: string[] = [];
    window.URL.createObjectURL = (blob) => `blob:${saved.push(blob as Blob)}`;
    window.URL.revokeObjectURL = () => undefined;
    window.HTMLAnchorElement.prototype.click = function () {
      names.push(this.download);
    };
    view.update(chat([question("a", "x")]));
    page.click(page.menu);
    page.click(page.button("Export as Markdown"));
    assert.deepEqual(names, ["Analyst 2026-11-27.md"]);
    assert.equal(saved[0]!.type, "text/markdown");
    assert.match(await readBlob(saved[0]!), /^## You\n.*\nx\n$/s);
  });

  it("has nothing to clear or to export before the conversation begins", () => {
    view.update(chat([]));
    page.click(page.menu);
    assert.equal(page.button("Clear conversation").disabled, true);
    assert.equal(page.button("Export as Markdown").disabled, true);
  });

  it("recalls the questions that are shown", () => {
    view.update(chat([question("a", "One"), answer("b", "Two", "done")]));
    page.press("ArrowUp");
    assert.equal(page.field.value, "One");
  });

  it("brings a draft back, with the first state", () => {
    storage.setItem("draft", "Half a quest");
    view.update(chat([]));
    frames.frame();
    assert.equal(page.field.value, "Half a quest");
  });

  it("goes where a question is asked anew, and stays where another version is looked at", () => {
    page.layOut(1000, 400);
    view.update(chat([{ ...question("a", "Hi"), branch: { index: 0, count: 2 } }]));
    frames.frame();
    page.click(page.button("Next version"));
    page.layOut(2000, 400);
    view.update(chat([{ ...question("b", "Ho"), branch: { index: 1, count: 2 } }]));
    frames.settle();
    assert.equal(page.transcript.scrollTop, 600);
    page.click(page.button("Edit"));
    (page.focused as HTMLTextAreaElement).value = "Hey";
    page.click(page.button("Save"));
    frames.settle();
    assert.equal(page.transcript.scrollTop, 1600);
    assert.deepEqual(events.log, ["switch a 1", "edit b: Hey"]);
  });

  it("takes the question to the top where its author wants that", () => {
    view.destroy();
    page.layOut(1000, 400);
    const tops: number[] = [];
    Object.assign(page.transcript, { scrollTo: ({ top }: { top: number }) => tops.push(top) });
    view = open({ anchor: "top" });
    page.field.value = "Next";
    page.press("Enter");
    view.update(live(""));
    frames.settle();
    assert.equal(tops.length, 1);
  });

  it("leaves the page's own elements empty when destroyed", () => {
    view.update(live("x"));
    frames.frame();
    view.update(live("x y"));
    view.destroy();
    assert.equal(frames.pending, 0);
    assert.deepEqual(
      [page.transcript, page.status, page.send, page.empty, page.menu, page.examples].map(
        ({ childElementCount }) => childElementCount,
      ),
      [0, 0, 0, 0, 0, 0],
    );
  });

  it("names the part that a page lacks", () => {
    page.status.remove();
    assert.throws(() => open(), /data-chat-part="status"/);
  });
});
