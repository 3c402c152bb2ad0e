import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Looks } from "../../src/config.js";
import { EmptyState } from "../../src/view/empty-state.js";
import { ChatPage, LOOKS } from "./page.js";

describe("EmptyState", () => {
  let page: ChatPage;
  let asked: string[];

  beforeEach(() => {
    page = new ChatPage();
    asked = [];
  });

  const open = (looks: Partial<Looks> = {}): EmptyState =>
    new EmptyState(page.empty, { ...LOOKS, ...looks }, (question) => asked.push(question));

  it("introduces the assistant and offers its questions", () => {
    open().render(true);
    assert.equal(page.empty.hidden, false);
    assert.equal(page.part(".chat-empty-name").textContent, "Analyst");
    assert.equal(page.part(".chat-empty-description").textContent, "Knows the figures.");
    page.click(page.button("Why?"));
    assert.deepEqual(asked, ["Why?"]);
  });

  it("leaves out what it has not been told", () => {
    open({ description: "", exampleQuestions: [] }).render(true);
    assert.equal(page.empty.querySelectorAll("p, ul").length, 0);
  });

  it("goes when the conversation begins, and for good when destroyed", () => {
    const state = open();
    assert.equal(page.empty.hidden, true, "not before it is known whether there is a conversation");
    state.render(true);
    state.render(false);
    assert.equal(page.empty.hidden, true);
    state.render(true);
    state.destroy();
    assert.equal(page.empty.hidden, true);
    assert.equal(page.empty.childElementCount, 0);
  });
});
