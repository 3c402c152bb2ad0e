import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { BottomFollower } from "../../src/view/bottom-follower.js";
import { ScrollButton } from "../../src/view/scroll-button.js";
import { ChatPage } from "./page.js";

describe("BottomFollower", () => {
  let page: ChatPage;
  let button: HTMLButtonElement;
  let follower: BottomFollower;
  let resize: () => void;
  let observed: Set<Element>;

  beforeEach(() => {
    page = new ChatPage();
    const way = new ScrollButton(page.transcript, page.status);
    button = way.element;
    page.layOut(1000, 400);
    follower = new BottomFollower(page.transcript, way, (changed) => {
      resize = changed;
      observed = new Set();
      return {
        observe: (element) => void observed.add(element),
        unobserve: (element) => void observed.delete(element),
        disconnect: () => observed.clear(),
      };
    });
    follower.settle();
  });

  const wheel = (deltaY: number): void => {
    page.transcript.dispatchEvent(new page.window.WheelEvent("wheel", { deltaY }));
  };
  const touch = (type: string, clientY: number): void => {
    const event = new page.window.Event(type);
    Object.assign(event, { touches: [{ clientY }] });
    page.transcript.dispatchEvent(event);
  };
  const grow = (height: number): void => {
    page.layOut(height, 400);
    follower.settle();
  };

  it("follows the bottom", () => {
    assert.equal(page.transcript.scrollTop, 600);
    grow(2000);
    assert.equal(page.transcript.scrollTop, 1600);
    assert.equal(button.hidden, true);
  });

  it("stays at the bottom when the room for it changes", () => {
    page.layOut(1000, 300);
    resize();
    assert.equal(page.transcript.scrollTop, 700);
  });

  it("stays at the bottom when a picture comes after all else", async () => {
    const message = page.window.document.createElement("div");
    page.transcript.append(message);
    await Promise.resolve();
    assert.deepEqual([...observed], [page.transcript, message]);
    page.layOut(1300, 400);
    resize();
    assert.equal(page.transcript.scrollTop, 900);
    message.remove();
    await Promise.resolve();
    assert.deepEqual([...observed], [page.transcript]);
    page.transcript.append(message);
    follower.destroy();
    await Promise.resolve();
    assert.deepEqual([...observed], []);
  });

  for (const [name, isLeft, html] of [
    ["a section that is opened", true, "<details><summary><b>More</b></summary></details>"],
    ["a button that changes something", true, "<button><b>Show source</b></button>"],
    ["a copy", false, "<button class='chat-copy-button'><b>Copy</b></button>"],
    ["a click on text", false, "<b>Text</b>"],
  ] as const) {
    it(`${isLeft ? "stays at" : "goes on following after"} ${name}`, () => {
      page.transcript.innerHTML = html;
      page.click(page.part("b"));
      page.layOut(2000, 400);
      resize();
      assert.equal(page.transcript.scrollTop, isLeft ? 600 : 1600);
    });
  }

  it("follows where the button asks for that", () => {
    page.transcript.innerHTML = "<button>Regenerate</button>";
    const regenerate = page.button("Regenerate");
    regenerate.addEventListener("click", () => follower.follow());
    page.click(regenerate);
    grow(2000);
    assert.equal(page.transcript.scrollTop, 1600);
  });

  for (const [name, intent] of Object.entries({
    "the wheel": () => wheel(-1),
    "a key": () => page.press("PageUp", {}, page.transcript),
    "Shift+Space": () => page.press(" ", { shiftKey: true }, page.transcript),
    "a finger": () => {
      touch("touchstart", 100);
      touch("touchmove", 110);
    },
    "the scroll bar": () => page.scrollTo(500),
  })) {
    it(`lets go at ${name}, before anything has moved`, () => {
      intent();
      const { scrollTop } = page.transcript;
      grow(2000);
      assert.equal(page.transcript.scrollTop, scrollTop);
      assert.equal(button.hidden, false);
    });
  }

  for (const [name, gesture] of Object.entries({
    "the wheel": () => wheel(1),
    "a key": () => page.press("PageDown", {}, page.transcript),
    "a finger": () => {
      touch("touchstart", 100);
      touch("touchmove", 90);
    },
  })) {
    it(`goes on following when ${name} points down`, () => {
      gesture();
      grow(2000);
      assert.equal(page.transcript.scrollTop, 1600);
    });
  }

  it("does not take a short way up for the bottom", () => {
    wheel(-1);
    page.scrollTo(590);
    grow(2000);
    assert.equal(page.transcript.scrollTop, 590);
  });

  it("follows again when the reader comes back down", () => {
    page.scrollTo(100);
    page.scrollTo(580);
    grow(2000);
    assert.equal(page.transcript.scrollTop, 1600);
  });

  it("goes on following when there was nothing to scroll", () => {
    page.layOut(300, 400);
    page.transcript.scrollTop = 0;
    wheel(-1);
    grow(2000);
    assert.equal(page.transcript.scrollTop, 1600);
  });

  it("offers the way back, and goes it", () => {
    page.scrollTo(100);
    assert.equal(button.hidden, false);
    page.click(button);
    assert.equal(page.transcript.scrollTop, 600);
    assert.equal(button.hidden, true);
  });

  it("offers no way back when it is short", () => {
    page.scrollTo(550);
    assert.equal(button.hidden, true);
  });

  it("goes to the bottom when told", () => {
    page.scrollTo(100);
    follower.follow();
    follower.settle();
    assert.equal(page.transcript.scrollTop, 600);
  });

  const pointer = (type: string, target: EventTarget = page.transcript, pointerType = "mouse", buttons = 0): void => {
    const event = new page.window.Event(type, { bubbles: true });
    Object.assign(event, { pointerType, buttons });
    target.dispatchEvent(event);
  };

  it("holds still while the mouse is down, and goes on after a click", () => {
    pointer("pointerdown");
    grow(2000);
    assert.equal(page.transcript.scrollTop, 600);
    pointer("pointerup", page.window.document);
    assert.equal(page.transcript.scrollTop, 1600);
  });

  it("goes on when the release of a scroll bar is only seen by the next move", () => {
    pointer("pointerdown");
    grow(2000);
    pointer("pointermove", page.window.document, "mouse", 1);
    assert.equal(page.transcript.scrollTop, 600);
    pointer("pointermove", page.window.document);
    assert.equal(page.transcript.scrollTop, 1600);
  });

  it("does not hold still for a finger", () => {
    pointer("pointerdown", page.transcript, "touch");
    grow(2000);
    assert.equal(page.transcript.scrollTop, 1600);
  });

  it("lets go when text has been selected", () => {
    page.transcript.textContent = "An answer";
    pointer("pointerdown");
    page.window.document.getSelection()!.selectAllChildren(page.transcript);
    pointer("pointerup", page.window.document);
    grow(2000);
    assert.equal(page.transcript.scrollTop, 600);
  });

  it("stays where it is told to, until its reader goes back", () => {
    follower.stay();
    grow(2000);
    assert.equal(page.transcript.scrollTop, 600);
    assert.equal(button.hidden, false);
    page.scrollTo(1600);
    grow(3000);
    assert.equal(page.transcript.scrollTop, 2600);
  });
});
