import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ScrollRegions } from "../../src/view/scroll-regions.js";
import { ChatPage } from "./page.js";

describe("ScrollRegions", () => {
  let observed: Element[];
  let changed: (targets: Element[]) => void;
  let scroller: HTMLElement;
  let content: HTMLElement;
  let page: ChatPage;

  beforeEach(() => {
    page = new ChatPage();
    observed = [];
    const regions = new ScrollRegions(page.transcript, (callback) => {
      const observer = {
        observe: (element: Element) => void observed.push(element),
        unobserve: (element: Element) => void (observed = observed.filter((other) => other !== element)),
        disconnect: () => (observed = []),
      };
      changed = (targets) => callback(targets.map((target) => ({ target }) as ResizeObserverEntry), observer);
      return observer;
    });
    scroller = page.window.document.createElement("pre");
    content = page.window.document.createElement("code");
    scroller.append(content);
    page.transcript.innerHTML = '<div><div role="group"></div></div>';
    page.transcript.firstElementChild!.append(scroller);
    regions.watch(scroller, content, "Code, python");
  });

  function layOut(scrollWidth: number, clientWidth: number): void {
    Object.defineProperties(scroller, {
      scrollWidth: { value: scrollWidth, configurable: true },
      clientWidth: { value: clientWidth, configurable: true },
    });
  }

  it("watches what scrolls and what is scrolled, under a name", () => {
    assert.deepEqual(observed, [scroller, content]);
    assert.equal(scroller.getAttribute("aria-label"), "Code, python");
    assert.equal(scroller.getAttribute("role"), "group");
    assert.equal(scroller.getAttribute("tabindex"), null);
  });

  it("does not watch what the browser does not lay out", () => {
    const skip = (skipped: boolean): void => {
      const event = new page.window.Event("contentvisibilityautostatechange", { bubbles: true });
      page.transcript.firstElementChild!.dispatchEvent(Object.assign(event, { skipped }));
    };
    skip(true);
    assert.deepEqual(observed, []);
    skip(false);
    assert.deepEqual(observed, [scroller, content]);
  });

  it("makes what is too wide a stop of the Tab key, for as long as it is", () => {
    layOut(500, 300);
    changed([content]);
    assert.equal(scroller.getAttribute("tabindex"), "0");
    layOut(300, 300);
    changed([scroller, content]);
    assert.equal(scroller.getAttribute("tabindex"), null);
  });
});
