import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { TextForm } from "../../src/view/text-form.js";
import { ChatPage } from "./page.js";

describe("TextForm", () => {
  let page: ChatPage;
  let form: TextForm;
  let field: HTMLTextAreaElement;
  let log: string[];

  beforeEach(() => {
    page = new ChatPage();
    log = [];
    form = new TextForm(page.window.document, {
      className: "chat-test-form",
      label: "Your text",
      isLabelShown: false,
      placeholder: "",
      text: "Old",
      maxChars: 20,
      submit: "Save",
      cancel: "Cancel",
      submitKey: "enter",
      onSubmit: (text) => log.push(`submit ${text}`),
      onCancel: () => log.push("cancel"),
    });
    page.transcript.append(form.element);
    field = form.element.querySelector("textarea")!;
  });

  it("is a field with a name, its text and the cursor behind it", () => {
    form.focus();
    assert.equal(page.focused, field);
    assert.equal(field.labels[0]!.textContent, "Your text");
    assert.equal(field.maxLength, 20);
    assert.deepEqual([field.value, field.selectionStart, field.selectionEnd], ["Old", 3, 3]);
  });

  it("is sent by its button and by the key that sends", () => {
    field.value = "  New ";
    page.click(page.button("Save"));
    page.press("Enter", {}, field);
    page.press("Enter", { shiftKey: true }, field);
    page.press("Enter", { isComposing: true }, field);
    page.press("Enter", { repeat: true }, field);
    assert.deepEqual(log, ["submit New", "submit New"]);
  });

  it("sends nothing when there is nothing", () => {
    field.value = " \n";
    page.press("Enter", {}, field);
    assert.deepEqual(log, []);
  });

  it("is left by its button and by Escape, which nobody else gets", () => {
    page.click(page.button("Cancel"));
    assert.equal(page.press("Escape", {}, field).defaultPrevented, true);
    page.press("Escape", { isComposing: true }, field);
    assert.deepEqual(log, ["cancel", "cancel"]);
  });
});
