import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MemoryStorage } from "../doubles/memory-storage";
import { PopupPage } from "./page";

/** jsdom has no layout: the panel hangs in the corner at 1000, 800 and has the size that it was given. */
function layOut(page: PopupPage): void {
  const panel = page.part("panel");
  panel.getBoundingClientRect = () => {
    const [width, height] = sizeOf(page);
    return { width, height, left: 1000 - width, top: 800 - height } as DOMRect;
  };
}

function sizeOf(page: PopupPage): [width: number, height: number] {
  const { style } = page.part("panel");
  return [style.getPropertyValue("--chat-popup-width"), style.getPropertyValue("--chat-popup-height")].map(
    (value, index) => Number.parseInt(value || ["420", "600"][index]!, 10),
  ) as [number, number];
}

describe("ResizeCorner", () => {
  let storage: MemoryStorage;
  let page: PopupPage;

  beforeEach(() => {
    storage = new MemoryStorage();
    page = new PopupPage(storage);
    layOut(page);
    page.show();
    const captured = new Set<number>();
    const corner = page.part("resize");
    corner.setPointerCapture = (id) => captured.add(id);
    corner.hasPointerCapture = (id) => captured.has(id);
    corner.addEventListener("lostpointercapture", () => captured.clear());
  });

  it("follows a pointer from when it is pressed until it is let go, and the size is kept", () => {
    const corner = page.part("resize");
    page.pointer("pointermove", corner, 10, 10);
    assert.deepEqual(sizeOf(page), [420, 600]);
    page.pointer("pointerdown", corner);
    page.pointer("pointermove", corner, 500, 100);
    assert.deepEqual(sizeOf(page), [500, 700]);
    assert.equal(storage.length, 0);
    page.pointer("lostpointercapture", corner);
    page.pointer("pointermove", corner, 10, 10);
    assert.deepEqual(sizeOf(page), [500, 700]);
    const again = new PopupPage(storage);
    again.show();
    assert.deepEqual(sizeOf(again), [500, 700]);
    assert.equal(again.isOpen, false);
  });

  it("moves with the arrow keys", () => {
    const corner = page.part("resize");
    for (const key of ["ArrowLeft", "ArrowUp", "ArrowUp"]) {
      assert.equal(page.press(key, corner), true);
    }
    assert.deepEqual(sizeOf(page), [444, 648]);
    page.press("ArrowRight", corner);
    page.press("ArrowDown", corner);
    assert.deepEqual(sizeOf(page), [420, 624]);
    assert.equal(page.press("a", corner), false);
  });
});
