import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { fileRef } from "../doubles/fake-uploader.js";
import { answer, question } from "./page.js";
import { all, begin, focusLost, log, newer, page, retries, row, take, transcript, withdrawn } from "./transcript-scene.js";

describe("MessageView", () => {
  beforeEach(begin);

  it("shows the files of a question above its text, which may be missing", () => {
    const asked = { ...question("a", ""), attachments: [fileRef("a.png")] };
    transcript.render([asked], false);
    transcript.render([{ ...asked, pending: true }], false);
    const [files, ...more] = all(".chat-user-attachments");
    assert.deepEqual(more, []);
    assert.equal(files!.nextElementSibling, page.part(".chat-user-message"));
    assert.equal(page.part(".chat-user-message").hidden, true);
    transcript.render([{ ...asked, ...question("b", "Hi"), attachments: asked.attachments }], false);
    assert.equal(page.part(".chat-user-message").hidden, false);
  });

  it("shows a question as the text it is", () => {
    transcript.render([question("a", "**no** <b>markup</b>\n  kept")], false);
    const bubble = page.part(".chat-message-wrapper > .chat-message-bubble.chat-user-message.chat-user-text");
    assert.equal(bubble.textContent, "**no** <b>markup</b>\n  kept");
    assert.equal(bubble.childElementCount, 0);
  });

  it("shows an answer as Markdown", () => {
    transcript.render([answer("a", "**bold**", "done")], false);
    const text = page.part(".chat-message-wrapper > .chat-message-bubble.chat-assistant-message > .assistant-markdown");
    assert.equal(text.innerHTML, '<p dir="auto"><strong>bold</strong></p>\n');
  });

  it("tells by whom a message is", () => {
    transcript.render([question("a", "x"), answer("b", "y", "done")], false);
    assert.deepEqual(all(".chat-message-wrapper > .chat-visually-hidden").map(({ textContent }) => textContent), ["You: ", "Analyst: "]);
  });

  it("waits with three dots until there is text", () => {
    transcript.render([answer("a", "", "submitted")], true);
    assert.equal(all(".chat-loading-message .chat-loading-dot").length, 3);
    transcript.render([answer("a", "", "streaming")], true);
    assert.equal(all(".chat-loading-message").length, 1);
    transcript.render([answer("a", "T", "streaming")], true);
    assert.equal(all(".chat-loading-message").length, 0);
    assert.equal(all(".assistant-markdown p").length, 1);
  });

  it("marks a stopped answer and keeps its text", () => {
    transcript.render([answer("a", "So far", "stopped")], false);
    assert.equal(page.part(".chat-message-note").textContent, "Stopped");
    assert.equal(page.part(".assistant-markdown").textContent, "So far\n");
    assert.equal(all(".chat-message-note button").length, 0);
  });

  it("shows an error with its reference and a way to retry", () => {
    transcript.render([answer("a", "So far", "error", { text: "It failed.", ref: "k3v9x2" })], false);
    const note = page.part(".chat-message-error");
    assert.equal(note.querySelector(".chat-message-sentence")!.textContent, "It failed.");
    assert.equal(note.querySelector(".chat-message-reference")!.textContent, "Reference: k3v9x2");
    page.click(note.querySelector("button")!);
    assert.equal(retries, 1);
  });

  for (const status of ["error", "interrupted"] as const) {
    const failed = answer("a", "So far", status, status === "error" ? { text: "It failed.", ref: null } : undefined);

    it(`announces that an answer ended as ${status}`, () => {
      transcript.render([answer("a", "So far", "streaming")], true);
      transcript.render([failed], false);
      assert.equal(page.part(".chat-message-note").getAttribute("role"), "alert");
    });

    it(`announces an answer that ended as ${status} before it could be shown`, () => {
      transcript.render([], false);
      transcript.render([failed], false);
      assert.equal(page.part(".chat-message-note").getAttribute("role"), "alert");
    });

    it(`does not announce again what ended as ${status} before the page was opened`, () => {
      transcript.render([failed], false);
      assert.equal(page.part(".chat-message-note").getAttribute("role"), null);
    });
  }

  it("shows no reference where there is none", () => {
    transcript.render([answer("a", "", "error", { text: "It failed.", ref: null })], false);
    assert.equal(all(".chat-message-reference").length, 0);
    assert.equal(page.part(".chat-assistant-message").hidden, true);
  });

  it("says that an answer was interrupted, and offers Retry at the last message only", () => {
    const interrupted = answer("a", "So far", "interrupted");
    transcript.render([interrupted], false);
    const retry = page.part(".chat-message-interrupted button");
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

  it("says of a question that it was not sent yet, and offers to withdraw it", () => {
    const sent = question("a", "x");
    transcript.render([{ ...sent, pending: true }], true);
    const note = page.part('[data-role="user"] .chat-message-pending');
    assert.equal(note.querySelector(".chat-message-sentence")!.textContent, "Not sent yet");
    assert.equal(note.querySelector("button")!.textContent, "Withdraw");
    page.click(note.querySelector("button")!);
    assert.deepEqual(withdrawn, ["a"]);
    transcript.render([sent, answer("b", "", "submitted")], true);
    assert.equal(all(".chat-message-note").length, 0);
  });

  it("tells when a note takes the focus with it", () => {
    const sent = question("a", "x");
    for (const [focuses, lost] of [[false, 0], [true, 1]] as const) {
      transcript.render([{ ...sent, pending: true }], true);
      if (focuses) {
        page.part(".chat-message-pending button").focus();
      }
      transcript.render([sent, answer("b", "", "submitted")], true);
      assert.equal(focusLost, lost);
    }
  });

  it("renders an answer to its end when it ends without its part ending", () => {
    const live = answer("a", "See [a].\n\ntext\n\n[a]: https://a.example\n", "streaming");
    transcript.render([live], true);
    transcript.render([{ ...live, status: "stopped" }], false);
    assert.equal(all("a").length, 1);
  });

  it("offers what can be done with an answer, when it has ended", () => {
    transcript.render([answer("a", "**So** far", "streaming")], true);
    const reserved = row("assistant");
    assert.equal(reserved.childElementCount, 0);
    transcript.render([answer("a", "**So** far", "done")], false);
    assert.equal(row("assistant"), reserved);
    page.click(page.button("Copy"));
    page.click(page.button("Regenerate"));
    assert.deepEqual(log, ["copy **So** far", "regenerate a"]);
  });

  it("takes it away again while the answer is made anew", () => {
    transcript.render([answer("a", "So far", "error")], false);
    transcript.render([answer("a", "", "submitted")], true);
    assert.equal(row("assistant").childElementCount, 0);
  });

  it("offers one way to ask again, where an answer has failed", () => {
    const failed = answer("a", "", "error");
    transcript.render([failed], false);
    assert.equal(page.button("Regenerate").hidden, true);
    assert.equal(page.button("Copy").hidden, true);
    transcript.render([failed, question("b", "x")], false);
    assert.equal(page.button("Regenerate").hidden, false);
  });

  it("tells when and by what an answer was written", () => {
    const createdMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    transcript.render([newer(answer("a", "x", "done"), { createdMs, model: "gpt-4.1-nano" })], false);
    const time = page.part("time") as HTMLTimeElement;
    assert.equal(time.dateTime, "2026-01-02T03:04:05.000Z");
    assert.notEqual(time.textContent, "");
    assert.equal(page.part(".chat-message-model").textContent, "gpt-4.1-nano");
  });

  it("has no tools at a question that was not sent", () => {
    transcript.render([newer(question("a", "x"), { pending: true })], true);
    assert.equal(row("user").hidden, true);
    assert.equal(row("user").childElementCount, 0);
  });

  it("opens a question to be asked anew", () => {
    transcript.render([question("a", "How")], false);
    page.click(page.button("Edit"));
    const field = page.part(".chat-message-editor textarea") as HTMLTextAreaElement;
    assert.deepEqual([page.focused, field.value], [field, "How"]);
    field.value = "How much?";
    take(false);
    page.press("Enter", {}, field);
    assert.equal(field.isConnected, true, "open while it can't be asked");
    take(true);
    page.click(page.button("Save"));
    assert.equal(field.isConnected, false);
    assert.deepEqual(log, ["reveal", "edit a: How much?", "edit a: How much?"]);
  });

  for (const [name, leave] of Object.entries({
    Cancel: () => page.click(page.button("Cancel")),
    Escape: () => page.press("Escape", {}, page.focused as HTMLElement),
    "Save without a change": () => page.click(page.button("Save")),
  })) {
    it(`leaves a question as it is with ${name}`, () => {
      transcript.render([question("a", "How")], false);
      page.click(page.button("Edit"));
      leave();
      assert.equal(all(".chat-message-editor, .chat-message-edited").length, 0);
      assert.deepEqual(log, ["reveal"]);
      assert.equal(page.focused, page.button("Edit"));
    });
  }

  it("shows which version a message is, and the way to the others", () => {
    const second = newer(answer("a", "x", "done"), { branch: { index: 1, count: 2 } });
    transcript.render([question("q", "x"), second], false);
    const switcher = row("assistant").querySelector<HTMLElement>(".chat-branch-switcher")!;
    assert.match(switcher.textContent!, /2\/2.*Version 2 of 2/);
    assert.equal(page.button("Next version", switcher).disabled, true);
    page.click(page.button("Previous version", switcher));
    assert.deepEqual(log, ["switch a -1"]);
    assert.equal(row("user").querySelector(".chat-branch-switcher"), null);
    transcript.render([question("q", "x"), newer(second, { branch: { index: 0, count: 1 } })], false);
    assert.equal(switcher.hidden, true);
  });

  it("offers no way to another branch while an answer is made", () => {
    const other = newer(question("q", "x"), { branch: { index: 0, count: 2 } });
    const held = (): (string | null)[] => all(".chat-branching-busy").map((element) => element.getAttribute("aria-label") ?? element.className);
    transcript.render([other, answer("a", "x", "streaming")], true);
    assert.deepEqual(held(), ["Edit", "chat-branch-switcher chat-branching-busy"]);
    transcript.render([other, answer("a", "x y", "done")], false);
    assert.deepEqual(held(), []);
    transcript.render([other, answer("a", "x y", "done"), question("r", "x"), answer("b", "", "submitted")], true);
    assert.equal(held().length, 4);
  });

  it("asks for a comment on a rating, and takes the rating at once", () => {
    const unrated = answer("a", "x", "done");
    transcript.render([unrated], false);
    page.click(page.button("Bad answer"));
    assert.deepEqual(log, ["rate a down ", "reveal"]);
    transcript.render([newer(unrated, { rating: "down" })], false);
    assert.equal(page.button("Bad answer").getAttribute("aria-pressed"), "true");
    assert.equal(page.button("Good answer").getAttribute("aria-pressed"), "false");
    const field = page.part(".chat-feedback-form textarea") as HTMLTextAreaElement;
    field.focus();
    field.value = "Wrong sum";
    page.click(page.button("Send comment"));
    assert.equal(log.at(-1), "rate a down Wrong sum");
    assert.equal(all(".chat-feedback-form").length, 0);
    assert.equal(page.focused, page.button("Bad answer"));
  });

  it("asks for no comment on what can't be rated, and keeps one that was not taken", () => {
    const unrated = answer("a", "x", "done");
    transcript.render([unrated], false);
    take(false);
    page.click(page.button("Bad answer"));
    assert.equal(all(".chat-feedback-form").length, 0);
    take(true);
    page.click(page.button("Bad answer"));
    (page.part(".chat-feedback-form textarea") as HTMLTextAreaElement).value = "Wrong sum";
    take(false);
    page.click(page.button("Send comment"));
    assert.equal(all(".chat-feedback-form").length, 1);
  });

  it("takes a rating back", () => {
    transcript.render([newer(answer("a", "x", "done"), { rating: "up" })], false);
    page.click(page.button("Good answer"));
    assert.deepEqual(log, ["rate a null "]);
  });

  it("has components shown once they are complete, and taken away with their message", () => {
    const part = { kind: "component", text: '{"type":"Div"', ended: false } as const;
    const message = { ...answer("a", "", "streaming"), parts: [part] };
    transcript.render([message], true);
    assert.equal(page.transcript.querySelectorAll(".chat-loading-dot").length, 3, "its JSON is no text");
    const complete = { ...part, text: '{"type":"Div"}', ended: true };
    transcript.render([{ ...message, parts: [complete] }], true);
    transcript.render([{ ...message, parts: [complete], status: "done" }], false);
    assert.equal(page.transcript.querySelector(".chat-component")!.textContent, '{"type":"Div"} shown');
    assert.equal(page.transcript.querySelector(".chat-loading-dot"), null);
    assert.deepEqual(log, []);
    transcript.render([], false);
    assert.deepEqual(log, ["hide"]);
  });

  describe("a message that its author shows", () => {
    const view = '"my own"';

    it("stands in place of its bubble and files, with what can be done with it", () => {
      const asked = { ...question("q", "Hello"), attachments: [fileRef("a.txt", "text/plain")] };
      transcript.render([asked], true);
      assert.equal(all(".chat-user-attachments").length, 1);
      transcript.render([{ ...asked, view }, { ...answer("a", "Hi", "done"), view }], false);
      assert.deepEqual(all(".chat-message-view").map(({ textContent }) => textContent), [`${view} shown`, `${view} shown`]);
      assert.equal(all(".chat-message-bubble, .chat-user-attachments").length, 0);
      assert.equal(all(".chat-message-actions button").length > 1, true);
      transcript.render([], false);
      assert.deepEqual(log, ["hide", "hide"]);
    });

    it("takes the place of components that were shown until then, which go first", () => {
      const part = { kind: "component", text: "{}", ended: true } as const;
      const message = { ...answer("a", "", "streaming"), parts: [part] };
      transcript.render([message], true);
      transcript.render([{ ...message, status: "done", view }], false);
      assert.deepEqual(log, ["hide"]);
      assert.equal(all(".chat-component").length, 0);
    });

    it("is edited where it stands", () => {
      transcript.render([{ ...question("q", "Hello"), view }, answer("a", "Hi", "done")], false);
      page.click(page.button("Edit"));
      assert.equal(all(".chat-message-editor + .chat-message-view").length, 1);
    });
  });

  describe("suggestions", () => {
    const suggesting = { ...answer("a", "Hi", "done"), suggestions: ["Why?", "How?"] };
    const offered = (): string[] => all(".chat-suggestion").map(({ textContent }) => textContent!);

    it("are offered below the last answer, in a list that has a name, and asked by a click", () => {
      transcript.render([question("q", "Hello"), suggesting], false);
      assert.deepEqual(offered(), ["Why?", "How?"]);
      assert.equal(all("ul.chat-suggestions")[0]!.getAttribute("aria-label"), "Suggested questions");
      page.click(page.button("How?"));
      assert.deepEqual(log, ["ask How?"]);
    });

    it("go when something follows, and come back with the end of the conversation", () => {
      transcript.render([suggesting, question("q", "Else")], false);
      assert.deepEqual(offered(), []);
      transcript.render([suggesting], false);
      assert.deepEqual(offered(), ["Why?", "How?"]);
      transcript.render([suggesting, question("q", "Else")], false);
      assert.deepEqual(offered(), []);
    });

    it("stand behind the form of a comment", () => {
      transcript.render([suggesting], false);
      page.click(page.button("Good answer"));
      assert.equal(all(".chat-feedback-form + .chat-suggestions").length, 1);
    });
  });
});
