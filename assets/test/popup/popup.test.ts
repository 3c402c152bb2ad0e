import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MemoryStorage } from "../doubles/memory-storage";
import { PopupPage } from "./page";

describe("Popup", () => {
  let storage: MemoryStorage;
  let page: PopupPage;

  beforeEach(() => {
    storage = new MemoryStorage();
    page = new PopupPage(storage);
  });

  it("is opened by its button, takes the focus, and gives it back when it is closed", () => {
    page.show();
    assert.equal(page.isOpen, false);
    for (const close of ["toggle", "close"]) {
      page.part("toggle").click();
      assert.equal(page.isOpen, true);
      assert.equal(page.document.activeElement, page.field);
      page.part(close).click();
      assert.equal(page.isOpen, false);
      assert.equal(page.document.activeElement, page.part("toggle"));
    }
  });

  it("takes the focus itself where a field would bring up a keyboard", () => {
    page.hasKeyboard = false;
    page.show();
    page.part("toggle").click();
    assert.equal(page.document.activeElement, page.part("panel"));
  });

  it("is modal while it covers a small screen", () => {
    const outside = page.document.querySelector("#outside")!;
    const other = page.document.querySelector("#other")!;
    const reachable = (): boolean[] => [outside, other, page.part("toggle"), page.field].map((element) => !page.isInert(element));
    const popup = page.show();
    page.resize(true);
    assert.deepEqual(reachable(), [true, false, true, true]);
    page.part("toggle").click();
    assert.deepEqual(reachable(), [false, false, false, true]);
    assert.equal(page.part("panel").getAttribute("aria-modal"), "true");
    page.resize(false);
    assert.deepEqual(reachable(), [true, false, true, true]);
    assert.equal(page.part("panel").hasAttribute("aria-modal"), false);
    page.resize(true);
    page.part("close").click();
    assert.deepEqual(reachable(), [true, false, true, true]);
    assert.equal(page.document.activeElement, page.part("toggle"));
    page.part("toggle").click();
    popup.destroy();
    assert.deepEqual(reachable(), [true, false, true, true]);
  });

  it("is the only one that covers a small screen", () => {
    page.addAnother();
    page.show();
    page.showAnother();
    for (const toggle of page.document.querySelectorAll<HTMLElement>('[data-chat-part="popup-toggle"]')) {
      toggle.click();
    }
    const panels = [...page.document.querySelectorAll(".chat-popup-panel")];
    const open = (): boolean[] => panels.map((panel) => panel.classList.contains("chat-popup-panel-open"));
    assert.deepEqual(open(), [true, true]);
    page.resize(true);
    assert.deepEqual(open(), [true, false]);
    assert.deepEqual(panels.map((panel) => page.isInert(panel)), [false, true]);
    page.resize(false);
    assert.deepEqual(panels.map((panel) => page.isInert(panel)), [false, false]);
  });

  it("leaves what components show above the page in reach", () => {
    const portal = page.document.body.appendChild(page.document.createElement("div"));
    portal.setAttribute("data-portal", "true");
    page.isSmall = true;
    page.show();
    page.part("toggle").click();
    assert.equal(page.isInert(portal), false);
  });

  it("closes with Escape, unless something in it has used the key", () => {
    page.show();
    assert.equal(page.press("Escape", page.part("toggle")), false);
    page.part("toggle").click();
    const stop = (event: Event): void => event.preventDefault();
    page.field.addEventListener("keydown", stop);
    page.press("Escape", page.field);
    assert.equal(page.isOpen, true);
    page.field.removeEventListener("keydown", stop);
    page.press("Escape", page.field, { isComposing: true });
    assert.equal(page.isOpen, true);
    assert.equal(page.press("Escape", page.field), true);
    assert.equal(page.isOpen, false);
    assert.equal(page.document.activeElement, page.part("toggle"));
  });

  it("is as it was left when the page is loaded again, without taking the focus", () => {
    page.show();
    page.part("toggle").click();
    const again = new PopupPage(storage);
    again.show();
    assert.equal(again.isOpen, true);
    assert.equal(again.document.activeElement, again.document.body);
    again.part("close").click();
    const closed = new PopupPage(storage);
    closed.show();
    assert.equal(closed.isOpen, false);
  });

  it("names its buttons", () => {
    page.show();
    assert.equal(page.part("close").getAttribute("aria-label"), "Close chat");
    assert.equal(page.part("resize").getAttribute("aria-label"), "Resize chat (arrow keys)");
    assert.ok(page.part("toggle").querySelector("svg.chat-icon-chat"));
  });

  it("hears nothing more when it has gone", () => {
    page.show().destroy();
    page.part("toggle").click();
    assert.equal(page.isOpen, false);
  });
});
