import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MessageFiles } from "../../src/attachments/message-files.js";
import type { MessageState } from "../../src/state.js";
import { MarkdownRenderer } from "../../src/markdown/markdown-view.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { policy } from "../markdown/policy.js";
import { Transcript } from "../../src/view/transcript.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { fileRef } from "../doubles/fake-uploader.js";
import { createWidgets } from "../doubles/widgets.js";
import { answer, ChatPage, FakeIntersections, question } from "./page.js";

describe("Transcript", () => {
  let page: ChatPage;
  let transcript: Transcript;
  let retries: number;
  let withdrawn: string[];
  let focusLost: number;
  let work: number;
  let log: string[];
  let takes: boolean;

  beforeEach(() => {
    page = new ChatPage();
    retries = 0;
    withdrawn = [];
    focusLost = 0;
    work = 0;
    log = [];
    takes = true;
    transcript = new Transcript(page.transcript, {
      document: page.window.document,
      markdown: new MarkdownRenderer({
        sanitizer: new Sanitizer(page.window, policy),
        policy,
        widgets: createWidgets(page.window),
        id: "chat",
      }),
      tools: {
        clipboard: { copyText: (text) => Promise.resolve(log.push(`copy ${text}`) > 0) },
        announcer: { announce: () => undefined },
        clock: new FakeClock(),
      },
      components: {
        stage: {
          show: (place, tree) => {
            place.append(`${JSON.stringify(tree)} shown`);
            return () => log.push("hide");
          },
        },
        themes: { applied: (tree) => tree },
      },
      files: new MessageFiles(page.window.document, (id) => `/upload/${id}`, () => false, async () => false),
      name: "Analyst",
      submitKey: "enter",
      isRated: true,
      maxCommentChars: 2_000,
      onRegenerate: ({ key }) => log.push(`regenerate ${key}`),
      onEdit: ({ key }, text) => log.push(`edit ${key}: ${text}`) > 0 && takes,
      onSwitch: ({ key }, step) => log.push(`switch ${key} ${step}`),
      onRate: ({ key }, rating, comment) => log.push(`rate ${key} ${rating} ${comment}`) > 0 && takes,
      onAsk: (question) => log.push(`ask ${question}`),
      onReveal: () => log.push("reveal"),
      onRetry: () => (retries += 1),
      onWithdraw: ({ key }) => withdrawn.push(key),
      onFocusLost: () => (focusLost += 1),
      createObserver: (changed) => new page.window.IntersectionObserver(changed),
      onWork: () => (work += 1),
    });
  });

  const all = (selector: string): Element[] => [...page.transcript.querySelectorAll(selector)];
  const wrappers = (): Element[] => all(".chat-message-wrapper");

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

  it("does not announce again what failed before the conversation was cleared, or on another branch", () => {
    const failed = [question("q", "One"), answer("a", "", "error")];
    transcript.render([], false);
    transcript.render(failed, false);
    assert.equal(all("[role=alert]").length, 1);
    transcript.render([], false);
    transcript.render(failed, false);
    assert.equal(all("[role=alert]").length, 0);
    const branch = { index: 1, count: 2 };
    transcript.render([failed[0]!, newer(answer("b", "x", "done"), { branch })], false);
    page.click(page.button("Previous version"));
    transcript.render([failed[0]!, newer(answer("c", "", "error"), { branch: { index: 0, count: 2 } })], false);
    assert.equal(all("[role=alert]").length, 0);
    transcript.render([failed[0]!, answer("d", "", "error")], false);
    assert.equal(all("[role=alert]").length, 1);
  });

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

  it("is a log that keeps quiet", () => {
    assert.equal(page.transcript.getAttribute("role"), "log");
    assert.equal(page.transcript.getAttribute("aria-live"), "off");
    transcript.render([], true);
    assert.equal(page.transcript.getAttribute("aria-busy"), "true");
    transcript.render([], false);
    assert.equal(page.transcript.getAttribute("aria-busy"), "false");
  });

  const newer = (message: MessageState, changes: Partial<MessageState>): MessageState => ({ ...message, ...changes });
  const row = (key: "user" | "assistant"): HTMLElement => page.part(`[data-role="${key}"] .chat-message-actions`);

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
    takes = false;
    page.press("Enter", {}, field);
    assert.equal(field.isConnected, true, "open while it can't be asked");
    takes = true;
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
    assert.equal(row("user").querySelector<HTMLElement>(".chat-branch-switcher")!.hidden, true);
  });

  it("takes the focus along to another version", () => {
    const first = newer(answer("a", "x", "done"), { branch: { index: 0, count: 3 } });
    transcript.render([question("q", "x"), first], false);
    const next = page.button("Next version", row("assistant"));
    next.focus();
    page.click(next);
    transcript.render([question("q", "x"), newer(first, { key: "b", branch: { index: 1, count: 3 } })], false);
    assert.equal(page.focused, page.button("Next version", row("assistant")));
    page.click(page.focused as HTMLElement);
    transcript.render([question("q", "x"), newer(first, { key: "c", branch: { index: 2, count: 3 } })], false);
    assert.equal(page.focused, page.button("Previous version", row("assistant")), "where it goes on");
    assert.equal(focusLost, 0);
  });

  it("tells when a message takes the focus with it", () => {
    transcript.render([answer("a", "x", "done")], false);
    page.button("Regenerate").focus();
    transcript.render([], false);
    assert.equal(focusLost, 1);
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
    takes = false;
    page.click(page.button("Bad answer"));
    assert.equal(all(".chat-feedback-form").length, 0);
    takes = true;
    page.click(page.button("Bad answer"));
    (page.part(".chat-feedback-form textarea") as HTMLTextAreaElement).value = "Wrong sum";
    takes = false;
    page.click(page.button("Send comment"));
    assert.equal(all(".chat-feedback-form").length, 1);
  });

  it("takes a rating back", () => {
    transcript.render([newer(answer("a", "x", "done"), { rating: "up" })], false);
    page.click(page.button("Good answer"));
    assert.deepEqual(log, ["rate a null "]);
  });

  it("is a stop of the keyboard only when there is something to scroll", () => {
    transcript.render([], false);
    assert.equal(page.transcript.tabIndex, -1);
    transcript.render([question("a", "x")], false);
    assert.equal(page.transcript.tabIndex, 0);
  });

  describe("with much to show", () => {
    const always = (): boolean => true;
    const conversation = (count: number) =>
      Array.from({ length: count }, (_, index) => answer(`m${index}`, `*Answer* ${index}`, "done"));
    const sketches = (): Element[] => all(".chat-message-sketch");
    const rendered = (): number => all(".assistant-markdown em").length;

    it("shows a long text in pieces while there is time", () => {
      const text = "A line of text.\n\n".repeat(500);
      transcript.render([answer("a", text, "done")], false);
      const paragraphs = (): number => all("p").length;
      const first = paragraphs();
      assert.ok(first > 0 && first < 100);
      let pieces = 2;
      assert.equal(transcript.advance(() => (pieces -= 1) >= 0), false);
      assert.ok(paragraphs() > first && paragraphs() < 500);
      assert.equal(transcript.advance(always), true);
      assert.equal(paragraphs(), 500);
    });

    it("shows the last messages of a long conversation at once, and the text of all", () => {
      transcript.render(conversation(20), false);
      assert.equal(wrappers().length, 20);
      assert.equal(rendered(), 4);
      assert.equal(sketches()[0]!.textContent, "Analyst: *Answer* 0");
      assert.equal(sketches().length, 16);
      assert.ok(wrappers().slice(16).every((element) => !element.matches(".chat-message-sketch")));
    });

    it("leaves the others as they are while nobody looks there", () => {
      transcript.render(conversation(20), false);
      assert.equal(transcript.advance(always), true);
      assert.equal(rendered(), 4);
      assert.ok(sketches().every((element, index) => element === wrappers()[index]));
    });

    it("marks what has become one of the earlier messages, once", () => {
      const messages = conversation(6);
      messages.forEach((_, index) => transcript.render(messages.slice(0, index + 1), false));
      assert.deepEqual(wrappers().map((element) => element.matches(".chat-message-early")), [true, true, false, false, false, false]);
      assert.equal(sketches().length, 0);
    });

    it("renders at once what comes near the view", () => {
      transcript.render(conversation(40), false);
      FakeIntersections.latest.approach(sketches()[3]!, sketches()[4]!);
      assert.equal(work, 1);
      let steps = 2;
      transcript.advance(() => (steps -= 1) >= 0);
      assert.equal(wrappers()[3]!.querySelectorAll("em").length, 1);
      assert.equal(wrappers()[4]!.querySelectorAll("em").length, 1);
      assert.equal(rendered(), 6);
    });

    it("keeps what is seen in its place", () => {
      transcript.render(conversation(20), false);
      const heights = new Map([["chat-message-sketch", 24], ["chat-message-early", 40]]);
      page.window.HTMLElement.prototype.getBoundingClientRect = function () {
        const height = [...heights].find(([name]) => this.classList.contains(name))?.[1] ?? 0;
        return { top: -height, bottom: 0, height } as DOMRect;
      };
      page.layOut(5_000, 500);
      page.scrollTo(1_000);
      FakeIntersections.latest.approach(...sketches().slice(-4));
      transcript.advance(always);
      assert.equal(page.transcript.scrollTop, 1_000 + 4 * 16);
    });

    it("prints everything", () => {
      transcript.render(conversation(40), false);
      page.window.dispatchEvent(new page.window.Event("beforeprint"));
      assert.equal(rendered(), 40);
      assert.equal(sketches().length, 0);
    });

    it("forgets what waits when it is gone, and renders what has changed", () => {
      const messages = conversation(20);
      transcript.render(messages, false);
      const changed = answer("m1", "*Changed*", "done");
      transcript.render([changed, ...messages.slice(2)], false);
      assert.equal(wrappers().length, 19);
      assert.equal(wrappers()[0]!.querySelector("em")!.textContent, "Changed");
      assert.equal(FakeIntersections.latest.observed.size, sketches().length);
    });
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
