import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { ComponentStage } from "../../src/components/component-stage.js";
import { FakeDash, keyOf } from "../doubles/fake-dash.js";

const TREE = { namespace: "dash_html_components", type: "P", props: { children: "Hello" } };

describe("ComponentStage", () => {
  let host: HTMLElement;
  let first: HTMLElement;
  let second: HTMLElement;
  let dash: FakeDash;
  let stage: ComponentStage;

  beforeEach(() => {
    const { window } = new JSDOM('<div id="chat-hidden-messages" hidden></div><div id="first"></div><div id="second"></div>');
    const find = (id: string): HTMLElement => window.document.getElementById(id)!;
    host = find("chat-hidden-messages");
    first = find("first");
    second = find("second");
    dash = new FakeDash(window.document);
    stage = new ComponentStage(host, "chat", dash.setProps, window.MutationObserver);
  });

  const shown = (index: number): unknown => dash.props.get(keyOf({ type: "chat-answer-tree", index }))?.["data"];
  const rendered = async (): Promise<void> => {
    dash.render();
    await Promise.resolve();
  };

  it("fills a place with components once it stands where it is seen", async () => {
    stage.show(first, TREE);
    assert.equal(shown(0), undefined, "hidden, they would measure nothing");
    await rendered();
    assert.equal(first.children.length, 1);
    assert.equal(shown(0), TREE);
  });

  it("leaves what is shown alone when more comes", async () => {
    stage.show(first, TREE);
    await rendered();
    const [element] = first.children;
    const set = new Map(dash.props);
    stage.show(second, "More");
    await rendered();
    assert.equal(first.firstElementChild, element);
    assert.equal(second.children.length, 1);
    assert.equal(shown(1), "More");
    for (const id of ["chat-hidden-messages", keyOf({ type: "chat-answer-tree", index: 0 })]) {
      assert.equal(dash.props.get(id), set.get(id), `${id} was set again`);
    }
  });

  it("takes several that come at once", async () => {
    stage.show(first, "One");
    stage.show(second, "Two");
    await rendered();
    await rendered();
    assert.deepEqual([shown(0), shown(1)], ["One", "Two"]);
    assert.deepEqual([first.children.length, second.children.length], [1, 1]);
  });

  it("empties a place that is not shown any more, and uses it again", async () => {
    const hide = stage.show(first, TREE);
    await rendered();
    hide();
    assert.equal(shown(0), null);
    assert.equal(first.children.length, 0);
    stage.show(second, "Again");
    assert.equal(shown(0), "Again");
    assert.equal(second.children.length, 1);
    assert.equal(shown(1), undefined, "no other place was made");
  });

  it("shows nothing in a place that was given up before it was there", async () => {
    stage.show(first, TREE)();
    await rendered();
    assert.equal(first.children.length, 0);
    assert.equal(shown(0), undefined);
    stage.show(second, "Later");
    assert.equal(shown(0), "Later");
  });

  it("does nothing more once destroyed", async () => {
    stage.show(first, TREE);
    stage.destroy();
    await rendered();
    assert.equal(first.children.length, 0);
  });
});
