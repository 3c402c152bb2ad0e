import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Menu } from "../../src/view/menu.js";
import { ChatPage } from "./page.js";

describe("Menu", () => {
  let page: ChatPage;
  let menu: Menu;
  let chosen: string[];

  beforeEach(() => {
    page = new ChatPage();
    chosen = [];
    menu = new Menu(page.menu, page.composer, {
      label: "Letters",
      listClass: "letters",
      itemClass: "letter",
      items: ["A", "B", "C"].map((label) => ({
        label,
        icon: null,
        isEnabled: () => label !== "B",
        choose: () => chosen.push(label),
      })),
    });
  });

  const list = (): Element | null => page.root.querySelector('[role="menu"]');
  const press = (key: string): KeyboardEvent => page.press(key, {}, page.focused as HTMLElement);

  it("opens with a click, at its first item, and closes with another", () => {
    assert.equal(page.menu.getAttribute("aria-haspopup"), "menu");
    page.click(page.menu);
    assert.equal(page.menu.getAttribute("aria-expanded"), "true");
    assert.equal(list()!.getAttribute("aria-label"), "Letters");
    assert.equal(page.focused!.textContent, "A");
    page.click(page.menu);
    assert.equal(page.menu.getAttribute("aria-expanded"), "false");
    assert.equal(list(), null);
  });

  it("opens with an arrow key at its near end, and goes round past what is disabled", () => {
    page.menu.focus();
    press("ArrowUp");
    const labels = ["ArrowDown", "ArrowDown", "ArrowUp", "Home", "End"].map((key) => {
      assert.equal(press(key).defaultPrevented, true);
      return page.focused!.textContent;
    });
    assert.deepEqual(labels, ["A", "C", "A", "A", "C"]);
  });

  it("chooses, closes, and gives the focus back", () => {
    page.click(page.menu);
    page.click(page.button("C"));
    assert.deepEqual(chosen, ["C"]);
    assert.equal(list(), null);
    assert.equal(page.focused, page.menu);
  });

  it("closes with Escape on its button too, where the focus stays when nothing can be chosen", () => {
    page.click(page.menu);
    page.menu.focus();
    assert.equal(press("Escape").defaultPrevented, true);
    assert.equal(list(), null);
    assert.equal(press("Escape").defaultPrevented, false);
  });

  it("closes with Escape, which nobody else gets", () => {
    page.click(page.menu);
    assert.equal(press("Escape").defaultPrevented, true);
    assert.equal(list(), null);
    assert.equal(page.focused, page.menu);
  });

  it("closes with Tab, which goes on from the button", () => {
    page.click(page.menu);
    assert.equal(press("Tab").defaultPrevented, false);
    assert.equal(list(), null);
    assert.equal(page.focused, page.menu);
  });

  it("closes when a pointer or the focus goes elsewhere", () => {
    const elsewhere: Record<string, () => void> = {
      pointer: () => page.transcript.dispatchEvent(new page.window.Event("pointerdown", { bubbles: true })),
      focus: () => page.field.focus(),
    };
    for (const [name, go] of Object.entries(elsewhere)) {
      page.click(page.menu);
      go();
      assert.equal(list(), null, name);
    }
    assert.equal(page.focused, page.field);
  });

  it("leaves nothing when destroyed", () => {
    page.click(page.menu);
    menu.destroy();
    assert.equal(list(), null);
    page.click(page.menu);
    assert.equal(list(), null);
  });
});
