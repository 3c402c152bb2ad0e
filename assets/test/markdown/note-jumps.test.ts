import assert from "node:assert/strict";
import { it } from "node:test";
import { JSDOM } from "jsdom";
import { MarkdownRenderer, MarkdownView } from "../../src/markdown/markdown-view.js";
import { followNotes } from "../../src/markdown/note-jumps.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { createWidgets } from "../doubles/widgets.js";
import { policy } from "./policy.js";

const ID = "vizro-ws-chat-note-x-1-1";

it("a footnote's number leads to the note, without a new address", () => {
  const { window } = new JSDOM(`<main><a href="#${ID}">1</a><a href="#other">other</a><li id="${ID}">Note</li></main>`);
  const main = window.document.querySelector("main")!;
  const note = window.document.getElementById(ID)!;
  let shown: unknown = null;
  note.scrollIntoView = (options) => (shown = options);
  const stop = new window.AbortController();
  followNotes(main, stop.signal);
  const click = (selector: string): boolean =>
    main.querySelector(selector)!.dispatchEvent(new window.MouseEvent("click", { bubbles: true, cancelable: true }));
  assert.equal(click(`[href="#${ID}"]`), false, "the browser does not follow the link");
  assert.equal(window.document.activeElement, note);
  assert.deepEqual(shown, { block: "nearest" });
  assert.equal(click('[href="#other"]'), true, "other links are the browser's");
  stop.abort();
  assert.equal(click(`[href="#${ID}"]`), true);
});

it("the way back keeps the focus while the text around goes on", () => {
  const { window } = new JSDOM("<main></main>");
  const main = window.document.querySelector("main")!;
  window.Element.prototype.scrollIntoView = () => undefined;
  const sanitizer = new Sanitizer(window, policy);
  const view = new MarkdownView(main, new MarkdownRenderer({ sanitizer, policy, widgets: createWidgets(window), id: "x" }));
  followNotes(main, new window.AbortController().signal);
  const text = "[^1]: Note.\n\nText[^1] goes";
  view.update(text, false);
  main.querySelector<HTMLElement>(".chat-footnote-back")!.click();
  const reference = main.querySelector("p a");
  assert.equal(window.document.activeElement, reference);
  view.update(`${text} on`, false);
  assert.equal(window.document.activeElement, reference);
});
