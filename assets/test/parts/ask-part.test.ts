import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM, type DOMWindow } from "jsdom";
import { AskPart } from "../../src/parts/ask-part.js";
import type { PartState } from "../../src/state.js";

let window: DOMWindow;
let ask: AskPart;
let given: [PartState, unknown][];
let takes: boolean;
let focusLost: number;

beforeEach(() => {
  ({ window } = new JSDOM("<textarea></textarea><main></main>"));
  given = [];
  takes = true;
  focusLost = 0;
  ask = new AskPart(
    window.document,
    (part, value) => {
      given.push([part, value]);
      return takes;
    },
    () => {
      focusLost += 1;
      window.document.querySelector("textarea")!.focus();
    },
  );
  window.document.querySelector("main")!.append(ask.container);
});

function part(question: object, ended = true): PartState {
  return { kind: "ask", text: JSON.stringify({ question: "Go on?", state: "open", seconds: 60, ...question }), ended };
}

const all = (selector: string): HTMLElement[] => [...ask.container.querySelectorAll<HTMLElement>(selector)];
const buttons = (): HTMLElement[] => all("button");
const field = (): HTMLInputElement => ask.container.querySelector("input")!;
const isInert = (): boolean => ask.container.querySelector(".chat-ask-body")!.hasAttribute("inert");
const values = (): unknown[] => given.map(([, value]) => value);
const FIELD = { name: "count", label: "How many", input: "number", required: true };

function submit(): void {
  ask.container.querySelector("form")!.dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
}

describe("an open question", () => {
  it("is a group with a name, and its options are buttons", () => {
    ask.update(part({ options: ["Yes", "<b>No</b>"] }), true);
    assert.equal(ask.container.getAttribute("role"), "group");
    assert.equal(ask.container.getAttribute("aria-label"), "Go on?");
    assert.deepEqual(buttons().map(({ textContent }) => textContent), ["Yes", "<b>No</b>"]);
    assert.ok(buttons().every((button) => button.getAttribute("type") === "button" && button.dir === "auto"));
    assert.equal(ask.container.dataset["state"], "open");
  });

  it("is answered once, until the server has heard it", () => {
    const asked = part({ options: ["Yes", "No"] });
    ask.update(asked, true);
    buttons()[0]!.focus();
    buttons()[0]!.click();
    assert.deepEqual(given, [[asked, "Yes"]]);
    assert.equal(isInert(), true);
    assert.equal(buttons()[0]!.dataset["chosen"], "");
    assert.equal(focusLost, 1);
  });

  it("stays as it is when its answer is not taken", () => {
    takes = false;
    ask.update(part({ options: ["Yes"] }), true);
    buttons()[0]!.click();
    assert.equal(isInert(), false);
    assert.equal(buttons()[0]!.dataset["chosen"], undefined);
    assert.equal(focusLost, 0);
  });

  it("can be answered again when the server has refused the answer", () => {
    ask.update(part({ options: ["Yes", "No"] }), true);
    const [yes] = buttons();
    yes!.click();
    const again = part({ options: ["Yes", "No"] });
    ask.update(again, true);
    assert.equal(isInert(), false);
    assert.equal(yes!.dataset["chosen"], undefined);
    assert.equal(buttons()[0], yes, "nothing has moved");
    buttons()[1]!.click();
    assert.deepEqual(given[1], [again, "No"], "the part as it is now");
  });

  it("keeps what is being written when it comes again", () => {
    ask.update(part({}), true);
    const input = field();
    input.value = "half a";
    ask.update(part({}), true);
    assert.equal(field(), input);
    assert.equal(field().value, "half a");
  });

  it("takes a text, no longer than the server takes it", () => {
    ask.update(part({}), true);
    assert.equal(field().maxLength, 10_000);
    assert.equal(field().required, true);
    assert.equal(ask.container.querySelector("label")!.htmlFor, field().id);
    field().value = "Ann";
    submit();
    assert.deepEqual(values(), ["Ann"]);
  });

  it("takes a form", () => {
    ask.update(part({ fields: [FIELD] }), true);
    field().value = "3";
    submit();
    assert.deepEqual(values(), [{ count: 3 }]);
  });

  it("is not shown while it is incomplete", () => {
    ask.update({ kind: "ask", text: '{"question":"Go', ended: false }, true);
    assert.equal(ask.container.textContent, "");
    ask.update(part({ options: ["Yes"] }), true);
    ask.update({ kind: "ask", text: '{"question":"Go on?","sta', ended: false }, true);
    assert.equal(buttons().length, 1, "cut in the middle of a change");
    ask.update({ kind: "ask", text: '{"question":"Go on?","sta', ended: false }, false);
    assert.equal(buttons().length, 1);
  });
});

describe("an answer that was wrong", () => {
  const wrong = (tries = 1): PartState =>
    part({ fields: [FIELD], value: { count: 0 }, problems: { count: "Too few." }, tries });

  it("is told at its field, which gets the focus of whoever gave it", async () => {
    ask.update(part({ fields: [FIELD] }), true);
    field().value = "0";
    submit();
    ask.update(wrong(), true);
    await Promise.resolve();
    assert.equal(window.document.activeElement, field());
    assert.equal(field().getAttribute("aria-invalid"), "true");
    const note = window.document.getElementById(field().getAttribute("aria-describedby")!);
    assert.equal(note!.textContent, "Too few.");
    assert.equal(field().value, "0");
    assert.equal(isInert(), false);
  });

  it("is told again when it is given again", () => {
    ask.update(wrong(), true);
    submit();
    assert.equal(isInert(), true);
    ask.update(wrong(2), true);
    assert.equal(isInert(), false);
  });

  it("takes the focus from nobody who is busy with something else", async () => {
    const composer = window.document.querySelector("textarea")!;
    composer.focus();
    ask.update(wrong(), true);
    await Promise.resolve();
    assert.equal(window.document.activeElement, composer, "after a reload, or given in another tab");
  });

  it("is told of the form as a whole", () => {
    ask.update(part({ fields: [FIELD], problems: { "": "It does not fit." } }), true);
    assert.equal(all(".chat-ask-problem")[0]!.textContent, "It does not fit.");
    assert.equal(field().hasAttribute("aria-invalid"), false);
  });
});

describe("a question that is over", () => {
  it("shows what was answered", () => {
    ask.update(part({ options: ["Yes"], state: "answered", value: "Yes" }), true);
    assert.deepEqual(all(".chat-ask-answer").map(({ textContent }) => textContent), ["Yes"]);
    assert.equal(buttons().length, 0);
    assert.equal(ask.container.dataset["state"], "answered");
  });

  it("shows what was filled in, by its labels, and no password", () => {
    const fields = [
      FIELD,
      { name: "sure", label: "Sure", input: "checkbox", required: true },
      { name: "secret", label: "Password", input: "password", required: true },
      { name: "constructor", label: "Builder", input: "text", required: false },
    ];
    ask.update(part({ fields, state: "answered", value: { count: 3, sure: false, secret: "swordfish" } }), false);
    assert.deepEqual(all("dt").map(({ textContent }) => textContent), ["How many", "Sure", "Password"]);
    assert.deepEqual(all("dd").map(({ textContent }) => textContent), ["3", "No", "••••"]);
  });

  it("shows markup as the text that it is", () => {
    ask.update(part({ question: "<img src=x onerror=alert(1)>", state: "answered", value: "<i>x</i>" }), false);
    assert.equal(all("img, i").length, 0);
    assert.ok(ask.container.textContent!.includes("<img src=x onerror=alert(1)>"));
    assert.ok(ask.container.textContent!.includes("<i>x</i>"));
  });

  it("says that nobody answered, in time or at all", () => {
    ask.update(part({ state: "expired" }), true);
    assert.equal(all(".chat-ask-closed")[0]!.textContent, "Not answered in time");
    ask.update(part({ options: ["Yes"] }), false);
    assert.equal(all(".chat-ask-closed")[0]!.textContent, "Not answered");
    assert.equal(buttons().length, 0);
  });

  it("hands the focus on when that was in it", () => {
    ask.update(part({ options: ["Yes"] }), true);
    buttons()[0]!.focus();
    ask.update(part({ options: ["Yes"] }), false);
    assert.equal(focusLost, 1);
    ask.update(part({ options: ["Yes"], state: "answered", value: "Yes" }), false);
    assert.equal(focusLost, 1);
  });
});
