import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { AuthorView } from "../../src/components/author-view.js";

describe("AuthorView", () => {
  let document: Document;
  let files: HTMLElement | null;
  let view: AuthorView;
  let hidden: number;

  beforeEach(() => {
    document = new JSDOM().window.document;
    files = document.createElement("ul");
    hidden = 0;
    const own = {
      markdown: (text: string): HTMLElement => {
        const element = document.createElement("strong");
        element.textContent = text;
        return element;
      },
      files: () => files,
    };
    const stage = { show: () => () => (hidden += 1) };
    view = new AuthorView(document, '{"type":"Div"}', { stage, themes: { applied: (tree) => tree } }, own);
    document.body.append(view.element);
  });

  const rendered = async (html: string): Promise<void> => {
    view.element.innerHTML = html;
    await Promise.resolve();
  };

  it("fills in what the author leaves to the chat, once Dash has rendered the places", async () => {
    await rendered('<p><i data-chat-markdown="Hi *there*"></i></p><i data-chat-files=""></i>');
    assert.equal(view.element.querySelector("[data-chat-markdown] strong")!.textContent, "Hi *there*");
    assert.equal(view.element.querySelectorAll("[data-chat-files] ul").length, 1);
    view.element.append("more");
    await Promise.resolve();
    assert.equal(view.element.querySelectorAll("strong, ul").length, 2, "once");
  });

  it("leaves the place of files that are not there empty", async () => {
    files = null;
    await rendered('<i data-chat-files=""></i>');
    assert.equal(view.element.querySelector("[data-chat-files]")!.childNodes.length, 0);
  });

  it("gives its components back when it goes", async () => {
    view.destroy();
    assert.equal(hidden, 1);
    assert.equal(view.element.isConnected, false);
    await rendered('<i data-chat-markdown="Hi"></i>');
    assert.equal(view.element.querySelector("strong"), null);
  });
});
