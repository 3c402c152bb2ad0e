import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM, type DOMWindow } from "jsdom";
import { CitationCard } from "../../src/parts/citation-card.js";
import { SourceList } from "../../src/parts/source-list.js";
import { sourcesIn, type Source } from "../../src/parts/sources.js";
import type { PartState } from "../../src/state.js";

const source = (number: number, url: string, more: Partial<Source> = {}): Source => ({ number, url, title: `Title ${number}`, snippet: null, ...more });
const part = (value: Source, ended = true): PartState => ({ kind: "source", text: JSON.stringify(value), ended });

describe("sourcesIn", () => {
  it("finds those that are complete", () => {
    const one = source(1, "https://a.example/");
    assert.deepEqual(sourcesIn([{ kind: "text", text: "x", ended: true }, part(one), { ...part(one), text: '{"num', ended: false }]), [one]);
  });

  it("leaves out what is no address of the web, or none for a browser", () => {
    const urls = ["javascript:alert(1)", "data:text/html,x", "/path", "", "https://", "https://a b/", "https://a:99999/", "http://1.2.3.4.5/", "http://[bad"];
    assert.deepEqual(sourcesIn(urls.map((url, index) => part(source(index + 1, url)))), []);
    assert.equal(sourcesIn([part(source(1, "HTTPS://A.example"))]).length, 1);
  });
});

describe("SourceList", () => {
  it("lists sources by their numbers, as links that tell nobody where they are followed", () => {
    const list = new SourceList(new JSDOM("").window.document);
    const sources = [source(1, "https://a.example/x"), source(3, "https://xn--bcher-kva.example/", { title: "<b>\u202eevil</b>" })];
    list.render(sources.slice(0, 1));
    const [first] = list.element.querySelectorAll("li");
    list.render(sources);
    const items = [...list.element.querySelectorAll("li")];
    assert.equal(items[0], first, "what is there stays");
    assert.deepEqual(items.map(({ value }) => value), [1, 3]);
    const links = items.map((item) => item.querySelector("a")!);
    assert.deepEqual(links.map(({ href }) => href), sources.map(({ url }) => url));
    assert.ok(links.every(({ target, rel, dir }) => target === "_blank" && rel === "noopener noreferrer" && dir === "auto"));
    assert.equal(list.element.querySelectorAll("b").length, 0);
    assert.equal(items[1]!.querySelector(".chat-source-host")!.textContent, "xn--bcher-kva.example");
  });
});

describe("CitationCard", () => {
  let window: DOMWindow;
  let bubble: HTMLElement;

  beforeEach(() => {
    ({ window } = new JSDOM(
      `<div><a id="one" href="https://a.example/x">[1]</a> <a id="two" href="https://b.example/">[2]</a>
      <a id="text" href="https://a.example/x">a link</a> <a id="none">[1]</a></div>`,
    ));
    bubble = window.document.querySelector("div")!;
    new CitationCard(bubble, () => [source(1, "https://a.example/x", { snippet: "<i>It is so.</i>" })]);
  });

  const cards = (): HTMLElement[] => [...bubble.querySelectorAll<HTMLElement>("[role=tooltip]")];
  const find = (id: string): HTMLElement => window.document.getElementById(id)!;
  const tell = (id: string, type: string): void => void find(id).dispatchEvent(new window.Event(type, { bubbles: true }));

  it("tells what a source is while the pointer or the focus is at its number", () => {
    for (const [over, out] of [["pointerover", null], ["focusin", "focusout"]] as const) {
      tell("one", over);
      const [card, ...more] = cards();
      assert.deepEqual(more, []);
      assert.equal(card!.textContent, "Title 1a.example<i>It is so.</i>");
      assert.equal(find("one").getAttribute("aria-describedby"), card!.id);
      if (out) {
        tell("one", out);
      } else {
        bubble.dispatchEvent(new window.Event("pointerleave"));
      }
      assert.deepEqual(cards(), []);
      assert.equal(find("one").hasAttribute("aria-describedby"), false);
    }
  });

  it("is not there for other links", () => {
    for (const id of ["two", "text", "none"]) {
      tell(id, "pointerover");
      assert.deepEqual(cards(), [], id);
    }
  });

  it("goes when the pointer comes to something else, but not to itself", () => {
    tell("one", "pointerover");
    cards()[0]!.firstElementChild!.dispatchEvent(new window.Event("pointerover", { bubbles: true }));
    assert.equal(cards().length, 1);
    tell("text", "pointerover");
    assert.equal(cards().length, 0);
  });

  it("stays while the focus is at its number, wherever the pointer goes", () => {
    find("one").focus();
    assert.equal(cards().length, 1);
    tell("text", "pointerover");
    bubble.dispatchEvent(new window.Event("pointerleave"));
    assert.equal(cards().length, 1);
    find("one").blur();
    assert.equal(cards().length, 0);
  });

  it("goes with Escape, which does nothing else then", () => {
    const escape = (at: EventTarget): KeyboardEvent => {
      const event = new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
      at.dispatchEvent(event);
      return event;
    };
    // Wherever the focus is: a pointer leaves it where it was.
    for (const [type, at] of [["focusin", find("one")], ["pointerover", window.document.body]] as const) {
      assert.equal(escape(at).defaultPrevented, false);
      tell("one", type);
      assert.equal(escape(at).defaultPrevented, true);
      assert.deepEqual(cards(), []);
    }
    tell("one", "focusin");
    bubble.remove();
    assert.equal(escape(window.document.body).defaultPrevented, false, "it has gone with its answer");
  });
});
