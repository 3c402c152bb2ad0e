import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Composer } from "../../src/view/composer.js";
import { ChatPage, RecordedEvents } from "./page.js";

describe("Composer", () => {
  let page: ChatPage;
  let events: RecordedEvents;
  let composer: Composer;

  beforeEach(() => {
    page = new ChatPage();
    events = new RecordedEvents();
    composer = new Composer(page.composer, page.send, events);
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

  it("leaves the page as it was", () => {
    composer.destroy();
    page.field.value = "Hello";
    page.press("Enter");
    page.click(page.send);
    assert.deepEqual(events.log, []);
    assert.equal(page.send.childElementCount, 0);
  });
});
