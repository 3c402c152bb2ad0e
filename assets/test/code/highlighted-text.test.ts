import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { highlighter } from "../../src/code/bundle/main.js";
import { HighlightedText } from "../../src/code/highlighted-text.js";
import type { Tokenizer } from "../../src/code/tokens.js";

const { window } = new JSDOM();
const PYTHON = 'def f(a):\n    """Text\n    over lines."""\n    return a + 1  # sum\n\n\nx = "y"\n';

describe("HighlightedText", () => {
  let code: HTMLElement;

  beforeEach(() => {
    code = window.document.createElement("code");
  });

  const python = (): Tokenizer => highlighter.tokenizer("python")!;

  function atOnce(text: string): string {
    const element = window.document.createElement("code");
    new HighlightedText(element, python()).update(text);
    return element.innerHTML;
  }

  it("shows the text and what its parts are", () => {
    new HighlightedText(code, python()).update(PYTHON);
    assert.equal(code.textContent, PYTHON);
    assert.match(code.innerHTML, /^<span class="chat-token-keyword">def<\/span> <span class="chat-token-definition">f<\/span>/);
    assert.match(code.innerHTML, /<span class="chat-token-string"> {4}over lines\."""<\/span>/);
  });

  it("shows the same fed character by character", () => {
    const view = new HighlightedText(code, python());
    for (let length = 0; length <= PYTHON.length; length += 1) {
      view.update(PYTHON.slice(0, length));
      assert.equal(code.innerHTML, atOnce(PYTHON.slice(0, length)), `after ${length} characters`);
    }
  });

  it("reads finished lines once and leaves their nodes alone", () => {
    const read: string[] = [];
    const tokenizer = python();
    const view = new HighlightedText(code, {
      start: () => tokenizer.start(),
      copy: (state) => tokenizer.copy(state),
      line: (text, state) => {
        read.push(text);
        return tokenizer.line(text, state);
      },
    });
    view.update("a = 1\nb = 2\nc");
    const nodes = [...code.childNodes].slice(0, 6);
    read.length = 0;
    view.update("a = 1\nb = 2\nc = 3");
    view.update("a = 1\nb = 2\nc = 3\nd");
    assert.deepEqual(read, ["c = 3", "c = 3", "d"]);
    assert.deepEqual([...code.childNodes].slice(0, 6), nodes);
  });

  it("keeps what is the same in the open line", () => {
    const view = new HighlightedText(code, python());
    view.update('return "a');
    const [keyword] = code.childNodes;
    view.update('return "abc"');
    assert.equal(code.firstChild, keyword);
  });

  it("begins anew with a text that does not continue the one before", () => {
    const view = new HighlightedText(code, python());
    view.update("a = 1\nb = 2\n");
    view.update("return 3\n");
    assert.equal(code.innerHTML, atOnce("return 3\n"));
  });
});
