import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Conversations } from "../../src/history/conversations";
import type { OpenedThread } from "../../src/history/opened-thread";
import { FakeClock } from "../doubles/fake-clock";
import { chat, ChatPage } from "../view/page";
import { FakeServer, summary, turnOfEvents } from "./fake-server";

const DAY = 86_400_000;
const LIVE = { status: "streaming" } as const;

describe("Conversations", () => {
  let page: ChatPage;
  let server: FakeServer;
  let clock: FakeClock;
  let log: string[];
  let conversations: Conversations;
  let hasKeyboard: boolean;
  let resized: () => void;
  let takes: boolean;

  beforeEach(() => {
    page = new ChatPage();
    server = new FakeServer();
    clock = new FakeClock();
    log = [];
    hasKeyboard = true;
    takes = true;
    page.transcript.tabIndex = 0;
    page.menu.insertAdjacentHTML("beforebegin", '<button type="button" data-chat-part="history"></button>');
    width(1_000);
    const listed = {
      openThread: (thread: OpenedThread | null) => {
        log.push(`open ${thread?.id}`);
        return takes;
      },
      discardThread: () => log.push("discard"),
      clear: () => log.push("clear"),
    };
    conversations = new Conversations(page.root, listed, {
      api: server,
      clock,
      createObserver: (changed) => {
        resized = changed;
        return { observe: () => {}, disconnect: () => {} };
      },
      hasKeyboard: () => hasKeyboard,
    });
    conversations.show(chat([], { thread: "b" }));
  });

  const width = (px: number): void => {
    Object.defineProperty(page.root, "offsetWidth", { value: px, configurable: true });
  };
  const panel = (): HTMLElement => page.part(".chat-threads");
  const button = (): HTMLElement => page.part('[data-chat-part="history"]');
  const titles = (): HTMLElement[] => [...panel().querySelectorAll<HTMLElement>(".chat-thread-title")];
  const title = (id: string): HTMLElement => titles().find(({ textContent }) => textContent === `Title of ${id}`)!;
  const press = (key: string): KeyboardEvent => page.press(key, {}, page.focused as HTMLElement);
  const threads = () => [
    summary("a", clock.date()),
    summary("b", clock.date() - DAY),
    summary("c", clock.date() - DAY),
    summary("d", clock.date() - 30 * DAY),
  ];
  const open = async (): Promise<void> => {
    page.click(button());
    await server.page(threads());
  };
  const choose = (id: string, item: string): void => {
    page.click(page.button(`Options of Title of ${id}`));
    page.click(page.button(item, panel()));
  };

  test("asks the server for nothing until it is opened", async () => {
    conversations.show(chat([], LIVE));
    conversations.show(chat([]));
    clock.pass(10_000);
    await turnOfEvents();
    assert.deepEqual([server.calls.length, panel().hidden], [0, true]);
    assert.equal(button().getAttribute("aria-expanded"), "false");
  });

  test("shows conversations by their days, and marks the current one", async () => {
    await open();
    const groups = [...panel().querySelectorAll(".chat-threads-group")].map((group) => [
      group.querySelector("h3")!.textContent,
      group.querySelectorAll("li").length,
    ]);
    assert.deepEqual(groups, [
      ["Today", 1],
      ["Yesterday", 2],
      ["Older", 1],
    ]);
    assert.deepEqual(
      titles().map((item) => item.getAttribute("aria-current")),
      [null, "true", null, null],
    );
    conversations.show(chat([], { thread: "c" }));
    assert.equal(title("c").getAttribute("aria-current"), "true");
    assert.equal(title("b").hasAttribute("aria-current"), false);
  });

  test("is closed by its button, by its cross and by Escape, which give the focus back", async () => {
    const closers = [() => button(), () => page.button("Close conversations")];
    for (const closer of closers) {
      await open();
      assert.equal(page.focused, page.button("Search conversations") ?? page.part(".chat-threads-search-field"));
      page.click(closer());
      assert.deepEqual([panel().hidden, page.focused, button().getAttribute("aria-expanded")], [true, button(), "false"]);
    }
    await open();
    assert.equal(press("Escape").defaultPrevented, true);
    assert.deepEqual([panel().hidden, page.focused], [true, button()]);
  });

  test("stands beside a wide conversation, and over a narrow one, of which nothing is in reach then", async () => {
    await open();
    const inert = () => [...page.root.children].filter((child) => child.hasAttribute("inert")).length;
    assert.deepEqual([page.root.classList.contains("chat-beside-threads"), inert(), panel().getAttribute("role")], [true, 0, "region"]);
    width(719);
    resized();
    assert.equal(page.root.classList.contains("chat-beside-threads"), false);
    assert.deepEqual([inert(), panel().hasAttribute("inert"), panel().getAttribute("role")], [2, false, "dialog"]);
    press("Escape");
    assert.equal(inert(), 0);
  });

  test("says that it is loading, that nothing is there, and that nothing was found", async () => {
    const sentence = () => page.part(".chat-threads-sentence").textContent;
    page.click(button());
    assert.deepEqual([sentence(), panel().getAttribute("aria-busy")], ["Loading…", "true"]);
    await server.page([]);
    assert.deepEqual([sentence(), panel().getAttribute("aria-busy")], ["Your conversations will be here.", "false"]);
    const field = page.part(".chat-threads-search-field") as HTMLInputElement;
    field.value = "x";
    field.dispatchEvent(new page.window.Event("input"));
    clock.pass(250);
    await server.page([]);
    assert.equal(sentence(), "No conversation has this in it.");
  });

  test("says that the list can't be read, and tries again", async () => {
    page.click(button());
    await server.fail();
    assert.equal(page.part(".chat-threads-sentence").textContent, "Conversations can't be read at the moment.");
    page.button("Try again").focus();
    page.click(page.button("Try again"));
    await server.page(threads());
    assert.deepEqual([titles().length, page.button("Try again").hidden], [4, true]);
    assert.equal(page.focused, page.part(".chat-threads-search-field"));
  });

  test("shows more when there is more", async () => {
    page.click(button());
    await server.page(threads(), "next");
    page.click(page.button("Show more"));
    await server.page([summary("e", 1)]);
    assert.deepEqual([titles().length, page.button("Show more").hidden], [5, true]);
  });

  test("opens a conversation and goes to its field", async () => {
    await open();
    page.click(title("c"));
    assert.equal(title("c").getAttribute("aria-busy"), "true");
    await server.thread("c");
    assert.deepEqual([log, page.focused, panel().hidden], [["open c"], page.field, false]);
  });

  test("gives way to the conversation where it is over it, without a keyboard that comes up", async () => {
    width(390);
    hasKeyboard = false;
    await open();
    assert.equal(page.focused, panel());
    page.click(title("c"));
    await server.thread("c");
    assert.deepEqual([panel().hidden, page.focused], [true, page.transcript]);
  });

  test("one that can't be read leaves all as it is", async () => {
    await open();
    page.click(title("c"));
    await server.fail();
    assert.deepEqual([log, panel().hidden], [[], false]);
    assert.equal(page.part(".chat-threads-sentence").textContent, "This conversation can't be read at the moment.");
  });

  test("the current one is not read while its answer is written", async () => {
    await open();
    conversations.show(chat([], { ...LIVE, thread: "b" }));
    page.click(title("b"));
    await turnOfEvents();
    assert.deepEqual([log, server.calls.length, page.focused], [[], 1, page.field]);
  });

  test("is one stop of the Tab key, walked through with arrow keys", async () => {
    await open();
    const stops = () => titles().flatMap(({ tabIndex }, index) => (tabIndex === 0 ? [index] : []));
    assert.deepEqual(stops(), [1]);
    press("ArrowDown");
    const walk = ["ArrowDown", "End", "ArrowDown", "ArrowUp", "Home", "ArrowUp"].map((key) => {
      press(key);
      return titles().indexOf(page.focused as HTMLElement);
    });
    assert.deepEqual(walk, [1, 3, 3, 2, 0, 0]);
    assert.deepEqual(stops(), [0]);
    assert.equal(page.button("Options of Title of a").tabIndex, 0);
  });

  test("renames in place: Enter and leaving the field save, Escape does not", async () => {
    await open();
    const rename = (text: string): HTMLInputElement => {
      choose("c", "Rename");
      const field = page.part(".chat-thread-field") as HTMLInputElement;
      assert.deepEqual([page.focused, field.value], [field, "Title of c"]);
      field.value = text;
      return field;
    };
    rename("Nothing");
    press("Escape");
    assert.deepEqual([page.focused, panel().hidden, server.calls.length], [title("c"), false, 1]);
    const form = rename(" Other ").form!;
    form.dispatchEvent(new page.window.Event("submit", { bubbles: true, cancelable: true }));
    assert.equal(server.asked.at(-1), "rename c: Other");
    await server.fail();
    rename("Another");
    page.field.focus();
    await turnOfEvents();
    assert.equal(server.asked.at(-1), "rename c: Another");
    assert.deepEqual([page.focused, server.calls.length], [page.field, 3]);
  });

  test("deletes when that was asked once more, and goes on with the next", async () => {
    await open();
    choose("c", "Delete");
    assert.match(panel().textContent, /Delete “Title of c” for good\?/);
    page.click(page.button("Cancel"));
    assert.deepEqual([server.calls.length, page.focused], [1, title("c")]);
    choose("c", "Delete");
    page.click(page.button("Delete", panel()));
    assert.equal(server.asked.at(-1), "remove c");
    await server.answer(undefined);
    assert.deepEqual([titles().length, page.focused, log], [3, title("d"), []]);
  });

  test("the current one that is deleted is no longer shown", async () => {
    await open();
    choose("b", "Delete");
    page.click(page.button("Delete", panel()));
    await server.fail();
    assert.deepEqual(log, []);
    choose("b", "Delete");
    page.click(page.button("Delete", panel()));
    await server.answer(undefined);
    assert.deepEqual(log, ["discard"]);
  });

  test("begins a new chat", async () => {
    await open();
    page.click(page.button("New chat", panel()));
    assert.deepEqual([log, page.focused], [["clear"], page.field]);
  });

  test("is read again when an answer has ended, and when a new conversation has begun", async () => {
    await open();
    conversations.show(chat([], { ...LIVE, thread: "b" }));
    conversations.show(chat([], { thread: "b" }));
    clock.pass(500);
    assert.equal(server.calls.length, 2);
    await server.page(threads());
    conversations.show(chat([], { status: "submitted", thread: "new" }));
    conversations.show(chat([], { ...LIVE, thread: "new" }));
    clock.pass(500);
    assert.equal(server.calls.length, 3);
  });

  test("keeps elements and the focus when the list changes", async () => {
    await open();
    const element = title("d");
    element.focus();
    conversations.show(chat([], LIVE));
    conversations.show(chat([]));
    clock.pass(500);
    await server.page([summary("d", clock.date()), ...threads().slice(0, 3)]);
    assert.deepEqual([titles()[0], page.focused], [element, element]);
  });

  test("leaves nothing behind", async () => {
    width(390);
    await open();
    conversations.destroy();
    assert.equal(page.root.querySelector(".chat-threads, [inert]"), null);
    assert.deepEqual([button().childElementCount, clock.pending], [0, 0]);
    page.click(button());
    assert.equal(server.calls.length, 1);
  });
});
