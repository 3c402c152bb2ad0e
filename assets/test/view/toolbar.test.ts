import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Toolbar } from "../../src/view/toolbar.js";
import { ChatPage } from "./page.js";

describe("Toolbar", () => {
  let page: ChatPage;
  let toolbar: Toolbar;
  let buttons: HTMLButtonElement[];

  beforeEach(() => {
    page = new ChatPage();
    toolbar = new Toolbar(page.window.document, "Tools");
    buttons = [0, 1, 2, 3].map(() => page.window.document.createElement("button"));
    buttons[1]!.disabled = true;
    buttons[2]!.hidden = true;
    toolbar.element.append(...buttons);
    page.transcript.append(toolbar.element);
    toolbar.settle();
  });

  const stops = (): number[] => buttons.flatMap((button, index) => (button.tabIndex === 0 ? [index] : []));
  const press = (key: string): number => {
    page.press(key, {}, page.focused as HTMLElement);
    return buttons.indexOf(page.focused as HTMLButtonElement);
  };

  it("is one stop of the Tab key, with a name", () => {
    assert.equal(toolbar.element.getAttribute("role"), "toolbar");
    assert.equal(toolbar.element.getAttribute("aria-label"), "Tools");
    assert.deepEqual(stops(), [0]);
  });

  it("is walked through with arrow keys, past what can't be pressed", () => {
    buttons[0]!.focus();
    assert.deepEqual(["ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"].map(press), [3, 0, 3, 0, 3]);
    assert.deepEqual(stops(), [3]);
  });

  it("is walked past what the style sheet hides, as while an answer is made", () => {
    buttons[3]!.style.visibility = "hidden";
    buttons[1]!.disabled = false;
    buttons[0]!.focus();
    assert.deepEqual(["ArrowLeft", "ArrowRight", "End", "ArrowRight"].map(press), [1, 0, 1, 0]);
  });

  it("takes no room where there is nothing to press", () => {
    assert.equal(toolbar.element.hidden, false);
    [buttons[0]!, buttons[3]!].forEach((button) => (button.hidden = true));
    toolbar.settle();
    assert.equal(toolbar.element.hidden, true);
    buttons[0]!.hidden = false;
    toolbar.settle();
    assert.equal(toolbar.element.hidden, false);
  });

  it("is walked through the other way where text goes the other way", () => {
    toolbar.element.style.direction = "rtl";
    buttons[0]!.focus();
    assert.equal(press("ArrowLeft"), 3);
    assert.equal(press("ArrowRight"), 0);
  });

  it("begins at its first button again when the focus has left it", () => {
    buttons[3]!.focus();
    page.field.focus();
    assert.deepEqual(stops(), [0]);
  });
});
