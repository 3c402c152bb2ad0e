import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MessageGroups, type GroupedMessage } from "../../src/view/message-groups.js";
import { ChatPage } from "./page.js";

const SIZE = 8;

describe("MessageGroups", () => {
  let page: ChatPage;
  let groups: MessageGroups;
  let elements: HTMLElement[];

  beforeEach(() => {
    page = new ChatPage();
    groups = new MessageGroups(page.transcript);
    elements = Array.from({ length: 3 * SIZE }, () => page.window.document.createElement("div"));
  });

  /** @param early as many of the first. */
  const messages = (count: number, early = 0): GroupedMessage[] =>
    elements.slice(0, count).map((element, index) => ({ element, height: 10, isEarly: index < early }));
  const shown = (): Element[][] => [...page.transcript.children].map(({ children }) => [...children]);
  const isEarly = (): boolean[] => [...page.transcript.children].map((group) => group.matches(".chat-message-group-early"));

  it("keeps the messages in their order", () => {
    groups.place(messages(SIZE + 1));
    assert.deepEqual(shown(), [elements.slice(0, SIZE), [elements[SIZE]]]);
  });

  it("touches nothing that is where it belongs", () => {
    groups.place(messages(SIZE + 1));
    const observer = new page.window.MutationObserver(() => undefined);
    observer.observe(page.transcript, { subtree: true, childList: true, attributes: true });
    groups.place(messages(SIZE + 1));
    assert.deepEqual(observer.takeRecords(), []);
    groups.place(messages(SIZE + 2));
    assert.deepEqual(
      observer.takeRecords().map(({ addedNodes: [added], removedNodes }) => [added, removedNodes.length]),
      [[elements[SIZE + 1], 0]],
    );
  });

  it("removes groups that have become empty", () => {
    groups.place(messages(2 * SIZE + 1));
    elements.slice(SIZE).forEach((element) => element.remove());
    groups.place(messages(SIZE));
    assert.deepEqual(shown(), [elements.slice(0, SIZE)]);
    elements.forEach((element) => element.remove());
    groups.place([]);
    assert.deepEqual(shown(), []);
  });

  it("lets a whole group of early messages go without a layout, with an estimate of its height", () => {
    groups.place(messages(SIZE + 4, SIZE - 1));
    assert.deepEqual(isEarly(), [false, false]);
    groups.place(messages(SIZE + 5, SIZE));
    assert.deepEqual(isEarly(), [true, false]);
    assert.equal((page.transcript.firstElementChild as HTMLElement).style.getPropertyValue("--chat-group-height"), "80px");
    groups.place(messages(SIZE, 4));
    assert.deepEqual(isEarly(), [false]);
  });
});
