import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MarkdownRenderer } from "../../src/markdown/markdown-view.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { Transcript } from "../../src/view/transcript.js";
import { answer, ChatPage, question } from "./page.js";

describe("Transcript", () => {
  let page: ChatPage;
  let transcript: Transcript;
  let retries: number;

  beforeEach(() => {
    page = new ChatPage();
    retries = 0;
    transcript = new Transcript(page.transcript, {
      document: page.window.document,
      markdown: new MarkdownRenderer(new Sanitizer(page.window)),
      onRetry: () => (retries += 1),
    });
  });

  const all = (selector: string): Element[] => [...page.transcript.querySelectorAll(selector)];
  const wrappers = (): Element[] => all(".chat-message-wrapper");

  it("shows a question as the text it is", () => {
    transcript.render([question("a", "**no** <b>markup</b>\n  kept")], false);
    const bubble = page.part(".chat-message-wrapper > .chat-message-bubble.chat-user-message.chat-user-text");
    assert.equal(bubble.textContent, "**no** <b>markup</b>\n  kept");
    assert.equal(bubble.childElementCount, 0);
  });

  it("shows an answer as Markdown", () => {
    transcript.render([answer("a", "**bold**", "done")], false);
    const text = page.part(".chat-message-wrapper > .chat-message-bubble.chat-assistant-message > .assistant-markdown");
    assert.equal(text.innerHTML, "<p><strong>bold</strong></p>\n");
  });

  it("tells by whom a message is", () => {
    transcript.render([question("a", "x"), answer("b", "y", "done")], false);
    assert.deepEqual(all(".chat-visually-hidden").map(({ textContent }) => textContent), ["You: ", "Assistant: "]);
  });

  it("waits with three dots until there is text", () => {
    transcript.render([answer("a", "", "submitted")], true);
    assert.equal(all(".chat-loading-message > .chat-loading-dot").length, 3);
    transcript.render([answer("a", "", "streaming")], true);
    assert.equal(all(".chat-loading-message").length, 1);
    transcript.render([answer("a", "T", "streaming")], true);
    assert.equal(all(".chat-loading-message").length, 0);
    assert.equal(all(".assistant-markdown p").length, 1);
  });

  it("touches only the message that has changed", () => {
    const first = question("a", "x");
    transcript.render([first, answer("b", "y", "streaming")], true);
    const observer = new page.window.MutationObserver(() => undefined);
    observer.observe(page.transcript, { subtree: true, childList: true, characterData: true, attributes: true });
    transcript.render([first, answer("b", "y z", "streaming")], true);
    const touched = observer.takeRecords().filter(({ target }) => target !== page.transcript);
    assert.ok(touched.length > 0);
    assert.ok(touched.every(({ target }) => wrappers()[1]!.contains(target)));
  });

  it("keeps the elements of messages that stay, in the order of the messages", () => {
    transcript.render([question("a", "1"), question("b", "2"), question("c", "3")], false);
    const [a, b, c] = wrappers();
    transcript.render([question("c", "3"), question("d", "4"), question("a", "1")], false);
    const after = wrappers();
    assert.deepEqual([after[0], after[2], after.length], [c, a, 3]);
    assert.equal(b!.isConnected, false);
  });

  it("marks a stopped answer and keeps its text", () => {
    transcript.render([answer("a", "So far", "stopped")], false);
    assert.equal(page.part(".chat-message-note").textContent, "Stopped");
    assert.equal(page.part(".assistant-markdown").textContent, "So far\n");
    assert.equal(all("button").length, 0);
  });

  it("shows an error with its reference and a way to retry", () => {
    transcript.render([answer("a", "So far", "error", { text: "It failed.", ref: "k3v9x2" })], false);
    const alert = page.part('[role="alert"]');
    assert.equal(alert.querySelector(".chat-message-sentence")!.textContent, "It failed.");
    assert.equal(alert.querySelector(".chat-message-reference")!.textContent, "Reference: k3v9x2");
    page.click(alert.querySelector("button")!);
    assert.equal(retries, 1);
  });

  it("shows no reference where there is none", () => {
    transcript.render([answer("a", "", "error", { text: "It failed.", ref: null })], false);
    assert.equal(all(".chat-message-reference").length, 0);
    assert.equal(page.part(".chat-assistant-message").hidden, true);
  });

  it("says that an answer was interrupted, and offers Retry at the last message only", () => {
    const interrupted = answer("a", "So far", "interrupted");
    transcript.render([interrupted], false);
    const retry = page.part('[role="alert"] button');
    assert.equal(page.part(".chat-message-sentence").textContent, "The answer was interrupted.");
    assert.equal(retry.hidden, false);
    transcript.render([interrupted, question("b", "Again")], false);
    assert.equal(retry.hidden, true);
  });

  it("takes the mark away when the answer is retried", () => {
    transcript.render([answer("a", "So far", "interrupted")], false);
    transcript.render([answer("a", "", "submitted")], true);
    assert.equal(all(".chat-message-note").length, 0);
    assert.equal(all(".assistant-markdown").length, 0);
    assert.equal(all(".chat-loading-message").length, 1);
  });

  it("renders an answer to its end when it ends without its part ending", () => {
    const live = answer("a", "See [a].\n\ntext\n\n[a]: https://a.example\n", "streaming");
    transcript.render([live], true);
    transcript.render([{ ...live, status: "stopped" }], false);
    assert.equal(all("a").length, 1);
  });

  it("is a log that keeps quiet", () => {
    assert.equal(page.transcript.getAttribute("role"), "log");
    assert.equal(page.transcript.getAttribute("aria-live"), "off");
    transcript.render([], true);
    assert.equal(page.transcript.getAttribute("aria-busy"), "true");
    transcript.render([], false);
    assert.equal(page.transcript.getAttribute("aria-busy"), "false");
  });
});
