import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { MessageState, MessageStatus, PartState } from "../../src/state.js";
import { answer } from "../view/page.js";
import { all, begin, log, page, transcript } from "../view/transcript-scene.js";

const text = (value: string): PartState => ({ kind: "text", text: value, ended: true });
const json = (kind: PartState["kind"], value: object): PartState => ({ kind, text: JSON.stringify(value), ended: true });

const EVIL = "<img src=x onerror=alert(1)>\u202e";
const SOURCE = json("source", { number: 1, url: "https://a.example/", title: "A", snippet: null });
const ASK = json("ask", { question: "Go on?", state: "open", options: ["Yes"], seconds: 60 });
const EACH: PartState[] = [
  { kind: "reasoning", text: "Hm.", ended: true, ms: 2_000 },
  text("Here:"),
  json("tool", { name: "count", args: { a: 1 }, state: "running" }),
  json("component", { namespace: "n", type: "Div", props: { id: "mine" } }),
  SOURCE,
  json("file", { id: "f", name: "a.csv", size: 1, type: "text/csv" }),
  ASK,
  json("problem", { ref: "k3v9x2" }),
  text("The end."),
];

function show(parts: readonly PartState[], status: MessageStatus = "streaming", more: Partial<MessageState> = {}): void {
  transcript.render([{ ...answer("a", "", status), parts, ...more }], status === "streaming");
}

const places = (): string[] => [...page.part(".chat-assistant-message").children].map(({ className }) => className.split(" ")[0]!);

describe("the parts of an answer", () => {
  beforeEach(begin);

  it("stand in their order, with the sources below them", () => {
    show(EACH);
    assert.deepEqual(places(), [
      "chat-reasoning",
      "assistant-markdown",
      "chat-tool",
      "chat-component",
      "chat-answer-file",
      "chat-ask",
      "chat-part-problem",
      "assistant-markdown",
      "chat-sources",
    ]);
  });

  it("stay where they are when more come", () => {
    show(EACH.slice(0, 6));
    const before = [...page.part(".chat-assistant-message").children];
    show(EACH);
    const after = [...page.part(".chat-assistant-message").children];
    assert.ok(before.every((element) => after.includes(element)));
    assert.equal(after.at(-1)!.className, "chat-sources");
    show(EACH, "done");
    assert.deepEqual([...page.part(".chat-assistant-message").children], after);
  });

  it("are shown as far as they are complete, wherever they were cut", () => {
    for (const status of ["streaming", "stopped", "interrupted", "error"] as const) {
      for (const part of EACH) {
        begin();
        for (const end of [0, 1, Math.floor(part.text.length / 2), part.text.length - 1]) {
          const cut = { ...part, text: part.text.slice(0, end), ended: false };
          transcript.render([{ ...answer(`${status} ${end}`, "", status), parts: [text("Before"), cut, text("After")] }], false);
          assert.equal(all(".assistant-markdown").at(-1)!.textContent, "After\n");
        }
      }
    }
  });

  it("keep what they show while they change", () => {
    show(EACH);
    const before = page.part(".chat-assistant-message").textContent;
    show(EACH.map((part) => (part.kind === "text" || part.kind === "reasoning" ? part : { ...part, text: part.text.slice(0, -3), ended: false })));
    assert.ok(page.part(".chat-assistant-message").textContent!.startsWith(before!));
  });

  it("tell what is being done until there is nothing to be said of it", () => {
    show([text("So far")], "streaming", { doing: `Searching ${EVIL}` });
    const [waiting] = all(".chat-loading-message");
    assert.equal(waiting!.querySelector(".chat-doing")!.textContent, `Searching ${EVIL}`);
    assert.equal(page.part(".chat-assistant-message").lastElementChild, waiting);
    show([text("So far"), ...EACH], "streaming", { doing: "Reading" });
    assert.equal(page.part(".chat-assistant-message").lastElementChild, waiting);
    show([text("So far")], "streaming");
    assert.equal(all(".chat-loading-message").length, 0);
    show([text("So far")], "done", { doing: "Searching" });
    assert.equal(all(".chat-loading-message").length, 0);
  });

  it("wait with dots while there is nothing but what is incomplete", () => {
    show([{ ...ASK, ended: false }]);
    assert.equal(all(".chat-loading-message").length, 1);
    show([ASK]);
    assert.equal(all(".chat-loading-message").length, 0, "now the reader is waited for");
  });

  it("ask only while the answer is alive", () => {
    show([ASK]);
    page.click(page.part(".chat-ask-option"));
    assert.deepEqual(log, [`answer a ${ASK.text}: "Yes"`]);
    show([ASK], "stopped");
    assert.equal(all(".chat-ask-option").length, 0);
  });

  it("never are markup", () => {
    const parts = [
      { kind: "reasoning", text: EVIL, ended: true } as const,
      json("tool", { name: EVIL, args: EVIL, state: "done", output: { [EVIL]: EVIL }, ms: 1 }),
      json("source", { number: 1, url: "https://a.example/", title: EVIL, snippet: EVIL }),
      json("source", { number: 2, url: "javascript:alert(1)", title: EVIL, snippet: EVIL }),
      json("file", { id: EVIL, name: EVIL, size: 1, type: EVIL }),
      json("ask", { question: EVIL, state: "open", seconds: 1, fields: [{ name: EVIL, label: EVIL, input: "text", required: true, help: EVIL, value: EVIL }], problems: { [EVIL]: EVIL } }),
      json("ask", { question: EVIL, state: "answered", value: { [EVIL]: EVIL }, fields: [{ name: EVIL, label: EVIL, input: "text" }] }),
      json("problem", { ref: EVIL }),
    ];
    for (const status of ["streaming", "done"] as const) {
      begin();
      show(parts, status);
      all("details").forEach((details) => {
        details.setAttribute("open", "");
        details.dispatchEvent(new page.window.Event("toggle"));
      });
      assert.equal(all("img[onerror]").length, 0);
      assert.ok(all("a").every((link) => !/^javascript:/i.test(link.getAttribute("href") ?? "")));
      assert.equal(all(".chat-source").length, 1);
    }
  });

  it("go with their message", () => {
    show(EACH);
    transcript.render([], false);
    assert.deepEqual(log, ["hide"]);
  });
});

describe("reasoning", () => {
  beforeEach(begin);

  const details = (): HTMLDetailsElement => page.part(".chat-reasoning") as HTMLDetailsElement;
  const open = (): void => {
    details().open = true;
    details().dispatchEvent(new page.window.Event("toggle"));
  };
  const thought = (value: string, more: Partial<PartState> = {}): PartState => ({ kind: "reasoning", text: value, ended: false, ...more });

  it("is folded, and rendered when somebody looks at it", () => {
    show([thought("**Hm**")]);
    assert.equal(details().open, false);
    assert.equal(details().querySelector("summary")!.textContent, "Thinking…");
    assert.equal(details().querySelector("strong"), null);
    open();
    assert.equal(details().querySelector("strong")!.textContent, "Hm");
    show([thought("**Hm** so", { ended: true, ms: 2_000 })]);
    assert.equal(details().querySelector(".chat-reasoning-text")!.textContent, "Hm so\n");
    assert.equal(details().querySelector("summary")!.textContent, "Thought for 2 s");
  });

  it("goes on no more when its answer does not", () => {
    show([thought("Hm")], "stopped");
    assert.equal(details().querySelector("summary")!.textContent, "Thoughts");
    assert.equal(details().hasAttribute("data-live"), false);
  });
});
