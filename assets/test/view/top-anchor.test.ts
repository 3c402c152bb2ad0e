import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ScrollButton } from "../../src/view/scroll-button.js";
import { TopAnchor } from "../../src/view/top-anchor.js";
import { ChatPage } from "./page.js";

const VIEW_PX = 400;

describe("TopAnchor", () => {
  let page: ChatPage;
  let button: HTMLButtonElement;
  let anchor: TopAnchor;
  let resize: () => void;

  beforeEach(() => {
    page = new ChatPage();
    const way = new ScrollButton(page.transcript, page.status);
    button = way.element;
    page.layOut(1000, VIEW_PX);
    Object.assign(page.transcript, { scrollTo: ({ top }: { top: number }) => (page.transcript.scrollTop = top) });
    page.transcript.style.paddingBottom = "8px";
    anchor = new TopAnchor(page.transcript, way, (changed) => {
      resize = changed;
      return new page.window.ResizeObserver(() => undefined);
    });
  });

  function add(role: "user" | "assistant", top: number): HTMLElement {
    const message = page.window.document.createElement("div");
    message.dataset["role"] = role;
    message.style.marginBottom = "12px";
    Object.defineProperty(message, "offsetTop", { value: top });
    const group = page.transcript.lastElementChild ?? page.window.document.createElement("div");
    page.transcript.append(group);
    group.append(message);
    return message;
  }

  it("begins at the bottom", () => {
    add("assistant", 900);
    anchor.settle();
    assert.equal(page.transcript.scrollTop, 600);
  });

  it("begins at the bottom again with a conversation that is brought back", () => {
    anchor.settle();
    page.scrollTo(0);
    add("assistant", 900);
    anchor.settle();
    assert.equal(page.transcript.scrollTop, 600);
    page.scrollTo(100);
    anchor.settle();
    assert.equal(page.transcript.scrollTop, 100);
  });

  it("takes a new question to the top, with the room that its answer needs for that", () => {
    anchor.settle();
    add("user", 500);
    const answer = add("assistant", 560);
    anchor.follow();
    anchor.settle();
    assert.equal(page.transcript.scrollTop, 484);
    assert.equal(answer.style.minHeight, `${VIEW_PX - 16 - 60 - 12 - 8}px`);
  });

  it("stays there while the answer grows, and offers the way to its end", () => {
    add("user", 500);
    add("assistant", 560);
    anchor.follow();
    anchor.settle();
    page.layOut(2000, VIEW_PX);
    anchor.settle();
    assert.equal(page.transcript.scrollTop, 484);
    assert.equal(button.hidden, false);
    page.click(button);
    assert.equal(page.transcript.scrollTop, 1600);
    assert.equal(button.hidden, true);
  });

  it("gives the room to what comes last, and takes it back from what came before", () => {
    const question = add("user", 500);
    anchor.follow();
    anchor.settle();
    assert.equal(question.style.minHeight, "364px");
    const answer = add("assistant", 560);
    anchor.settle();
    assert.equal(question.style.minHeight, "");
    assert.equal(answer.style.minHeight, "304px");
  });

  it("has room for another size of the view", () => {
    add("user", 500);
    const answer = add("assistant", 560);
    anchor.follow();
    anchor.settle();
    page.layOut(1000, 300);
    resize();
    assert.equal(answer.style.minHeight, "204px");
  });

  it("stays where it is told to", () => {
    add("assistant", 0);
    anchor.settle();
    page.scrollTo(0);
    add("user", 500);
    anchor.follow();
    anchor.stay();
    anchor.settle();
    assert.equal(page.transcript.scrollTop, 0);
  });
});
