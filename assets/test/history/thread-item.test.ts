import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { JSDOM } from "jsdom";
import { ThreadItem } from "../../src/history/thread-item";

describe("ThreadItem", () => {
  let window: JSDOM["window"];
  let item: ThreadItem;
  let log: string[];

  beforeEach(() => {
    ({ window } = new JSDOM("<body></body>", { pretendToBeVisual: true }));
    log = [];
    item = new ThreadItem(window.document, {
      open: () => log.push("open"),
      rename: (title) => log.push(`rename ${title}`),
      remove: () => log.push("remove"),
    });
    window.document.body.append(item.element);
    item.render({ id: "t", title: "Old", updated: 0 }, false, false);
  });

  const choose = (label: string): void => {
    item.element.querySelector<HTMLButtonElement>(".chat-thread-more")!.click();
    const choices = [...item.element.querySelectorAll<HTMLButtonElement>("[role=menuitem]")];
    choices.find(({ textContent }) => textContent === label)!.click();
  };

  /** Begins to rename it, and returns the field with another title. */
  const retitle = (): HTMLInputElement => {
    choose("Rename");
    const field = item.element.querySelector("input")!;
    field.value = "New";
    return field;
  };

  test("one whose title says nothing that can be seen has a name", () => {
    for (const title of ["", " ", "\u200b", "\u202e\0"]) {
      item.render({ id: "t", title, updated: 0 }, false, false);
      const [name, more] = item.element.querySelectorAll("button");
      assert.deepEqual([name!.textContent, more!.getAttribute("aria-label")], ["Untitled", "Options of Untitled"]);
    }
    const empty = new ThreadItem(window.document, { open: () => {}, rename: () => {}, remove: () => {} });
    empty.render({ id: "t", title: "", updated: 0 }, false, false);
    assert.equal(empty.element.querySelector("button")!.textContent, "Untitled");
  });

  test("Escape leaves the title as it was", () => {
    const escape = new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    retitle().dispatchEvent(escape);
    assert.deepEqual(log, []);
  });

  test("Enter saves the title once", () => {
    retitle().form!.dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
    assert.deepEqual(log, ["rename New"]);
  });
});
