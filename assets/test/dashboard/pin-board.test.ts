import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { JSDOM } from "jsdom";
import { PinBoard } from "../../src/dashboard/pin-board.js";

const chart = (id: string): string => JSON.stringify({ type: "Graph", namespace: "dash_core_components", props: { id, figure: {} } });

let document: Document;
let kept: string;
let shown: unknown[];

function board(): PinBoard {
  return new PinBoard(document, "board", { load: () => kept, save: (text) => (kept = text) }, {
    stage: {
      show: (_place, tree) => {
        shown.push(tree);
        return () => shown.splice(shown.indexOf(tree), 1);
      },
    },
    themes: { applied: (tree) => tree },
  });
}

const pins = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("#board > *")];

beforeEach(() => {
  ({ document } = new JSDOM('<div id="board"></div>').window);
  kept = "";
  shown = [];
});

describe("PinBoard", () => {
  test("shows copies, without ids, until they are removed", () => {
    const pinned = board();
    pinned.pin(chart("a"));
    pinned.pin(chart("b"));
    assert.deepEqual(shown, [chart(""), chart("")].map((text) => {
      const { props: { id: _id, ...props }, ...tree } = JSON.parse(text) as { props: { id: string } };
      return { ...tree, props: { ...props, children: undefined } };
    }));
    pins()[0]!.querySelector("button")!.click();
    assert.deepEqual([pins().length, shown.length, JSON.parse(kept)], [1, 1, [chart("b")]]);
    pinned.destroy();
    assert.deepEqual([pins().length, shown.length, JSON.parse(kept)], [0, 0, [chart("b")]]);
    board();
    assert.deepEqual([pins().length, shown.length], [1, 1]);
  });

  for (const [name, text] of [["no JSON", "{"], ["no list", "{}"], ["no texts", "[1, null]"], ["no components", '["{", "null"]']] as const) {
    test(`goes on without what was kept when that is ${name}`, () => {
      kept = text;
      const pinned = board();
      pinned.pin(chart("a"));
      assert.deepEqual([pins().length, JSON.parse(kept)], [1, [chart("a")]]);
    });
  }

  test("the focus goes on to the next one", () => {
    const pinned = board();
    ["a", "b", "c"].forEach((id) => pinned.pin(chart(id)));
    const [first, second, third] = pins().map((pin) => pin.querySelector("button")!);
    second!.click();
    assert.equal(document.activeElement, third);
    third!.click();
    assert.equal(document.activeElement, first);
  });

  test("keeps what it has no place for, until there is one", async () => {
    kept = JSON.stringify([chart("a"), chart("b")]);
    const element = document.getElementById("board")!;
    element.remove();
    const pinned = board();
    pinned.pin(chart("c"));
    assert.deepEqual([shown.length, JSON.parse(kept)], [0, [chart("a"), chart("b")]]);
    document.body.append(element);
    await Promise.resolve();
    assert.equal(pins().length, 2);
    document.body.append(element);
    await Promise.resolve();
    assert.equal(pins().length, 2);
    pinned.destroy();
    assert.equal(shown.length, 0);
  });
});
