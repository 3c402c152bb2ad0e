import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { Clipboard } from "../src/clipboard.js";

describe("Clipboard", () => {
  let window: JSDOM["window"];
  let selected: string[];
  let clipboard: Clipboard;

  beforeEach(() => {
    window = new JSDOM("<button>Copy</button><dialog open><button>Inside</button></dialog>").window;
    selected = [];
    clipboard = new Clipboard(window as unknown as Window);
    allowSelection(true);
  });

  function allowSelection(isAllowed: boolean): void {
    window.document.execCommand = (command) => {
      const field = window.document.activeElement as HTMLTextAreaElement;
      selected.push(`${command} ${field.value.slice(field.selectionStart, field.selectionEnd)}`);
      return isAllowed;
    };
  }

  function provide(writeText: (text: string) => Promise<void>): void {
    Object.defineProperty(window.navigator, "clipboard", { value: { writeText } });
  }

  it("writes to the browser's clipboard", async () => {
    const written: string[] = [];
    provide(async (text) => void written.push(text));
    assert.equal(await clipboard.copyText("a\nb"), true);
    assert.deepEqual(written, ["a\nb"]);
    assert.deepEqual(selected, []);
  });

  it("copies a selection where the page has no clipboard, and leaves nothing behind", async () => {
    const button = window.document.querySelector("button")!;
    button.focus();
    assert.equal(await clipboard.copyText("a\nb"), true);
    assert.deepEqual(selected, ["copy a\nb"]);
    assert.equal(window.document.activeElement, button);
    assert.equal(window.document.querySelector("textarea"), null);
  });

  it("copies a selection where the clipboard is refused", async () => {
    provide(() => Promise.reject(new Error("NotAllowedError")));
    assert.equal(await clipboard.copyText("text"), true);
    assert.deepEqual(selected, ["copy text"]);
  });

  it("stays inside a dialog that has the focus", async () => {
    const dialog = window.document.querySelector("dialog")!;
    dialog.querySelector("button")!.focus();
    let parent: Element | null = null;
    window.document.execCommand = () => {
      parent = window.document.activeElement!.parentElement;
      return true;
    };
    await clipboard.copyText("text");
    assert.equal(parent, dialog);
  });

  it("says when nothing was copied", async () => {
    allowSelection(false);
    assert.equal(await clipboard.copyText("text"), false);
    window.document.execCommand = () => {
      throw new Error("unsupported");
    };
    assert.equal(await clipboard.copyText("text"), false);
    assert.equal(window.document.querySelector("textarea"), null);
  });
});
