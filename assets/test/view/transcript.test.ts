import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { answer, FakeIntersections, question } from "./page.js";
import { all, begin, focusLost, newer, page, row, transcript, work, wrappers } from "./transcript-scene.js";

describe("Transcript", () => {
  beforeEach(begin);

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

  for (const before of [[], [question("a", "Hi"), answer("b", "Hello", "done")]]) {
    it(`does not take an old failure for news in a conversation that follows one of ${before.length} messages`, () => {
      transcript.render(before, false);
      transcript.beginAnew();
      const failed = [question("c", "Old"), answer("d", "", "error", { text: "No.", ref: null })];
      transcript.render(failed, false);
      assert.equal(page.root.querySelector('[role="alert"]'), null);
      transcript.render([...failed, question("e", "New"), answer("f", "", "error", { text: "No.", ref: null })], false);
      assert.equal(page.root.querySelectorAll('[role="alert"]').length, 1);
    });
  }

  it("keeps the elements of messages that stay, in the order of the messages", () => {
    transcript.render([question("a", "1"), question("b", "2"), question("c", "3")], false);
    const [a, b, c] = wrappers();
    transcript.render([question("c", "3"), question("d", "4"), question("a", "1")], false);
    const after = wrappers();
    assert.deepEqual([after[0], after[2], after.length], [c, a, 3]);
    assert.equal(b!.isConnected, false);
  });

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

  it("is a log that keeps quiet", () => {
    assert.equal(page.transcript.getAttribute("role"), "log");
    assert.equal(page.transcript.getAttribute("aria-live"), "off");
    transcript.render([], true);
    assert.equal(page.transcript.getAttribute("aria-busy"), "true");
    transcript.render([], false);
    assert.equal(page.transcript.getAttribute("aria-busy"), "false");
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
      const paragraphs = (): number => all("p:not([hidden])").length;
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
});
