import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { AskForm, type Field } from "../../src/parts/ask-form.js";

const { window } = new JSDOM("<main></main>");

class Filled {
  readonly form: AskForm;
  sent: Readonly<Record<string, unknown>> | null = null;

  constructor(fields: readonly Field[], value: Record<string, unknown> = {}, problems: Record<string, string> = {}) {
    this.form = new AskForm(window.document, fields, value, problems, (sent) => (this.sent = sent));
    window.document.querySelector("main")!.replaceChildren(this.form.element);
  }

  get controls(): (HTMLInputElement | HTMLSelectElement)[] {
    return [...this.form.element.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")];
  }

  submit(): Readonly<Record<string, unknown>> | null {
    this.form.element.dispatchEvent(new window.Event("submit", { cancelable: true }));
    return this.sent;
  }
}

const field = (input: Field["input"], more: Partial<Field> = {}): Field => ({ name: "it", label: "It", input, required: true, ...more });

describe("AskForm", () => {
  it("gives each field its input, its limits and its label", () => {
    const { controls, form } = new Filled([field("number", { min: 1, max: 9, step: "any", value: 3, help: "In boxes" })]);
    const control = controls[0] as HTMLInputElement;
    assert.deepEqual([control.type, control.min, control.max, control.step, control.value], ["number", "1", "9", "any", "3"]);
    assert.equal(form.element.querySelector("label")!.htmlFor, control.id);
    assert.equal(window.document.getElementById(control.getAttribute("aria-describedby")!)!.textContent, "In boxes");
  });

  it("knows the types of values", () => {
    const fields: Field[] = [
      field("text", { name: "text" }),
      field("number", { name: "number" }),
      field("checkbox", { name: "checkbox" }),
      field("choice", { name: "choice", options: [1, 2] }),
      field("date", { name: "date" }),
    ];
    const filled = new Filled(fields, { text: "a", number: 2.5, checkbox: true, choice: 2, date: "2026-11-27" });
    assert.deepEqual(filled.submit(), { text: "a", number: 2.5, checkbox: true, choice: 2, date: "2026-11-27" });
  });

  it("leaves out what is left empty, but says no for what is not checked", () => {
    const filled = new Filled([field("text"), field("checkbox", { name: "sure" }), field("choice", { name: "one", options: ["a"], required: false })]);
    assert.deepEqual(filled.submit(), { sure: false });
  });

  it("does not choose for its reader", () => {
    const choose = new Filled([field("choice", { options: ["a", "b"] })]).controls[0] as HTMLSelectElement;
    assert.deepEqual([choose.value, choose.required, choose.options.length], ["", true, 3]);
    const chosen = new Filled([field("choice", { options: ["a", "b"], value: "b" })]).controls[0] as HTMLSelectElement;
    assert.deepEqual([chosen.value, chosen.options.length], ["1", 2]);
  });

  it("shows what was filled in rather than what would be by default", () => {
    const [control] = new Filled([field("text", { value: "default" })], { it: "mine" }).controls;
    assert.equal(control!.value, "mine");
    assert.equal(new Filled([field("text", { value: "default" })]).controls[0]!.value, "default");
  });

  it("takes names that every object has", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
      const filled = new Filled([field("text", { name })]);
      const control = filled.controls[0]!;
      assert.equal(control.value, "");
      assert.equal(control.hasAttribute("aria-invalid"), false, name);
      control.value = "x";
      const sent = filled.submit()!;
      assert.equal(JSON.stringify(sent), `{"${name}":"x"}`);
      assert.equal(Object.getPrototypeOf(sent), Object.prototype);
      const again = new Filled([field("text", { name })], sent, JSON.parse(`{"${name}":"Wrong."}`) as Record<string, string>);
      assert.equal(again.controls[0]!.value, "x");
      assert.equal(again.controls[0]!.getAttribute("aria-invalid"), "true");
    }
  });

  it("has ids of its own, whatever the names", () => {
    const name = 'Full name" onclick="x';
    const forms = [new Filled([field("text", { name, help: "Help" })]), new Filled([field("text", { name, help: "Help" })])];
    const [one, other] = forms.map(({ controls }) => controls[0]!);
    assert.notEqual(one!.id, other!.id);
    for (const control of [one!, other!]) {
      assert.doesNotMatch(control.id, /\s/);
      assert.equal(control.getAttribute("aria-describedby")!.split(" ").length, 1);
    }
  });

  it("takes no more text than the server", () => {
    const [text, email, password, short] = new Filled([
      field("text", { name: "a" }),
      field("email", { name: "b" }),
      field("password", { name: "c" }),
      field("text", { name: "d", maxlength: 5 }),
    ]).controls as HTMLInputElement[];
    assert.deepEqual([text, email, password, short].map((each) => each!.maxLength), [10_000, 10_000, 10_000, 5]);
  });

  it("shows markup as the text that it is", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const { form } = new Filled([field("choice", { label: evil, help: evil, options: [evil] })], {}, { it: evil, "": evil });
    assert.equal(form.element.querySelectorAll("img").length, 0);
  });
});
