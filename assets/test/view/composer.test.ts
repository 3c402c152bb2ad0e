import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { SubmitKey } from "../../src/config.js";
import { Composer, type SteerButton } from "../../src/view/composer.js";
import { Draft } from "../../src/view/draft.js";
import { MemoryStorage } from "../doubles/memory-storage.js";
import { ChatPage, RecordedEvents } from "./page.js";

describe("Composer", () => {
  let page: ChatPage;
  let events: RecordedEvents;
  let composer: Composer;
  let storage: MemoryStorage;
  let questions: string[];

  beforeEach(() => {
    page = new ChatPage();
    events = new RecordedEvents();
    storage = new MemoryStorage();
    questions = [];
    composer = open();
  });

  function open(submitKey: SubmitKey = "enter", steer: SteerButton | null = null): Composer {
    return new Composer(
      page.composer,
      page.send,
      {
        submit: (text) => events.submit(text),
        stop: () => events.stop(),
        engage: () => events.engage(),
        questions: () => questions,
      },
      { submitKey, draft: new Draft(() => storage, "draft"), steer },
    );
  }

  describe("where messages can be sent while an answer is being made", () => {
    beforeEach(() => {
      composer.destroy();
      composer = open("enter", { button: page.steer, label: "Queue message" });
    });

    it("has a button of its own for that, only then", () => {
      assert.equal(page.steer.hidden, true);
      composer.setLive(true);
      assert.equal(page.steer.hidden, false);
      assert.equal(page.steer.getAttribute("aria-label"), "Queue message");
      assert.equal(page.send.getAttribute("aria-label"), "Stop");
      composer.setLive(false);
      assert.equal(page.steer.hidden, true);
    });

    it("sends with it and with Enter, and stops with the other", () => {
      composer.setLive(true);
      page.field.value = "One";
      page.click(page.steer);
      assert.equal(page.field.value, "");
      page.field.value = "Two";
      page.press("Enter", { repeat: true });
      page.press("Enter");
      page.click(page.send);
      assert.deepEqual(
        events.log.filter((line) => line !== "engage"),
        ["submit One", "submit Two", "stop"],
      );
    });

    it("sends nothing when there is nothing", () => {
      composer.setLive(true);
      page.click(page.steer);
      page.press("Enter");
      assert.deepEqual(events.log, []);
    });

    it("leaves the button as it was", () => {
      composer.destroy();
      assert.equal(page.steer.childElementCount, 0);
    });
  });

  it("sends with Enter, clears the field and keeps the focus", () => {
    page.field.value = "Hello";
    const inputs: string[] = [];
    page.root.addEventListener("input", () => inputs.push(page.field.value));
    assert.equal(page.press("Enter").defaultPrevented, true);
    assert.deepEqual(events.log, ["submit Hello", "engage"]);
    assert.deepEqual(inputs, [""], "React hears of the cleared field");
    assert.equal(page.window.document.activeElement, page.field);
  });

  it("sets the value behind the back of React's own setter", () => {
    const seen: string[] = [];
    page.field.value = "Hello";
    Object.defineProperty(page.field, "value", {
      get: () => "Hello",
      set: (value: string) => seen.push(value),
      configurable: true,
    });
    page.press("Enter");
    assert.deepEqual(seen, []);
  });

  it("trims what is sent, but not the first line's indentation", () => {
    page.field.value = "\n \n    code\nmore\n\n  ";
    page.press("Enter");
    assert.equal(events.log[0], "submit     code\nmore");
  });

  it("keeps a text that was not taken", () => {
    events.takes = false;
    page.field.value = "Hello";
    page.press("Enter");
    assert.equal(page.field.value, "Hello");
  });

  it("sends nothing when there is nothing", () => {
    page.field.value = " \n ";
    page.press("Enter");
    page.click(page.send);
    assert.deepEqual(events.log, []);
  });

  for (const [name, init] of Object.entries({
    "Shift+Enter": { shiftKey: true },
    "Enter while an input method composes": { isComposing: true },
    "Enter that ends a composition": { keyCode: 229 },
  })) {
    it(`does not send with ${name}`, () => {
      page.field.value = "Hello";
      assert.equal(page.press("Enter", init).defaultPrevented, false);
      assert.deepEqual(events.log, []);
    });
  }

  it("does not send with a held Enter", () => {
    page.field.value = "Hello";
    page.press("Enter", { repeat: true });
    assert.deepEqual(events.log, []);
  });

  it("keeps the text on Enter while an answer is being made", () => {
    composer.setLive(true);
    page.field.value = "Next question";
    assert.equal(page.press("Enter").defaultPrevented, true);
    assert.deepEqual(events.log, []);
    assert.equal(page.field.value, "Next question");
  });

  it("sends or stops with the button, and says which", () => {
    page.field.value = "Hello";
    assert.equal(page.send.getAttribute("aria-label"), "Send message");
    page.click(page.send);
    composer.setLive(true);
    assert.equal(page.send.getAttribute("aria-label"), "Stop");
    assert.equal(page.send.title, "Stop");
    page.click(page.send);
    composer.setLive(false);
    assert.equal(page.send.getAttribute("aria-label"), "Send message");
    assert.deepEqual(events.log, ["submit Hello", "engage", "stop"]);
  });

  it("ignores the second click of a double click", () => {
    page.field.value = "Hello";
    page.click(page.send, 1);
    composer.setLive(true);
    page.click(page.send, 2);
    assert.deepEqual(events.log, ["submit Hello", "engage"]);
  });

  it("takes a third click for what it is", () => {
    page.field.value = "Hello";
    page.click(page.send, 1);
    composer.setLive(true);
    page.click(page.send, 2);
    page.click(page.send, 3);
    assert.deepEqual(events.log, ["submit Hello", "engage", "stop"]);
  });

  it("trims a long run of white space in no time", () => {
    page.field.value = `a${" ".repeat(200_000)}b \n`;
    page.click(page.send);
    assert.equal(events.log[0]?.length, "submit a".length + 200_001);
  });

  it("takes a text back, before what has been typed since", () => {
    const inputs: string[] = [];
    page.root.addEventListener("input", () => inputs.push(page.field.value));
    page.field.value = " \n";
    composer.restore("Hello");
    assert.equal(page.window.document.activeElement, page.field);
    composer.restore("Other");
    assert.deepEqual(inputs, ["Hello", "Other\n\nHello"], "React hears of it");
  });

  it("reports the focus of the field only", () => {
    page.send.focus();
    assert.deepEqual(events.log, []);
    page.field.focus();
    assert.deepEqual(events.log, ["engage"]);
  });

  it("works with a field that React has replaced", () => {
    page.field.replaceWith(page.field.cloneNode());
    const field = page.part("textarea") as HTMLTextAreaElement;
    field.value = "Hello";
    page.press("Enter", {}, field);
    assert.equal(events.log[0], "submit Hello");
    assert.equal(field.value, "");
  });

  for (const modifier of ["ctrlKey", "metaKey"]) {
    it(`sends with ${modifier} and Enter only, where its author wants that`, () => {
      composer.destroy();
      composer = open("mod+enter");
      page.field.value = "Hello";
      assert.equal(page.press("Enter").defaultPrevented, false);
      assert.deepEqual(events.log, []);
      assert.equal(page.press("Enter", { [modifier]: true }).defaultPrevented, true);
      assert.equal(events.log[0], "submit Hello");
    });
  }

  it("keeps a draft, until it is sent", () => {
    page.type(page.field, "Half a quest");
    assert.equal(storage.getItem("draft"), "Half a quest");
    page.press("Enter");
    assert.equal(storage.getItem("draft"), null);
  });

  it("begins with the draft, and lets React know", () => {
    storage.setItem("draft", "Half a quest");
    const inputs: string[] = [];
    page.root.addEventListener("input", () => inputs.push(page.field.value));
    composer.begin();
    assert.deepEqual(inputs, ["Half a quest"]);
  });

  it("leaves what has been typed meanwhile", () => {
    storage.setItem("draft", "Half a quest");
    page.field.value = "New";
    composer.begin();
    assert.equal(page.field.value, "New");
  });

  it("recalls what was asked with the arrow keys, and goes back to nothing", () => {
    questions = ["One", "Two"];
    const values = ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"].map((key) => {
      page.press(key);
      return page.field.value;
    });
    assert.deepEqual(values, ["Two", "One", "One", "Two", ""]);
    assert.equal(page.press("ArrowDown").defaultPrevented, false);
  });

  it("leaves the arrow keys to the lines of what was recalled, once its reader is among them", () => {
    questions = ["One", "Two\nlines"];
    page.press("ArrowUp");
    page.field.setSelectionRange(3, 3);
    assert.equal(page.press("ArrowUp").defaultPrevented, false);
    assert.equal(page.press("ArrowDown").defaultPrevented, false);
    page.field.setSelectionRange(9, 9);
    page.press("ArrowUp");
    assert.equal(page.field.value, "One");
  });

  it("leaves the arrow keys alone in what somebody has written, or changed", () => {
    questions = ["One"];
    page.field.value = "Mine";
    assert.equal(page.press("ArrowUp").defaultPrevented, false);
    page.field.value = "";
    assert.equal(page.press("ArrowUp", { shiftKey: true }).defaultPrevented, false);
    page.press("ArrowUp");
    page.field.value = "One more";
    assert.equal(page.press("ArrowUp").defaultPrevented, false);
    assert.equal(page.field.value, "One more");
  });

  it("leaves the page as it was", () => {
    composer.destroy();
    page.field.value = "Hello";
    page.press("Enter");
    page.click(page.send);
    assert.deepEqual(events.log, []);
    assert.equal(page.send.childElementCount, 0);
  });
});
