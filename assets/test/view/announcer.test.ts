import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Announcer } from "../../src/view/announcer.js";
import { ChatPage } from "./page.js";

describe("Announcer", () => {
  it("says each sentence, also the same again", () => {
    const page = new ChatPage();
    const announcer = new Announcer(page.root);
    const region = page.root.lastElementChild!;
    assert.equal(region.getAttribute("role"), "status");
    announcer.announce("Copied");
    const first = region.firstElementChild;
    announcer.announce("Copied");
    assert.equal(region.textContent, "Copied");
    assert.notEqual(region.firstElementChild, first);
  });

  it("leaves with the chat", () => {
    const page = new ChatPage();
    const before = page.root.innerHTML;
    new Announcer(page.root).destroy();
    assert.equal(page.root.innerHTML, before);
  });
});
