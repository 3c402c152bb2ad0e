import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { JSDOM } from "jsdom";
import { ActionPart } from "../../src/parts/action-part.js";
import type { PartState } from "../../src/state.js";

let undone: PartState[];
let view: ActionPart;

beforeEach(() => {
  undone = [];
  view = new ActionPart(new JSDOM("").window.document, (part) => undone.push(part), () => {});
});

function action(more: object): PartState {
  return { kind: "action", text: JSON.stringify({ do: "set", label: "Country", target: ["c", "value"], value: "France", ...more }), ended: true };
}

describe("ActionPart", () => {
  test("undoes the part as it is now, also when that looks as before", () => {
    const done = action({ state: "done", before: "Japan" });
    view.update(done, true);
    const replayed = { ...done };
    view.update(replayed, true);
    view.container.querySelector("button")!.click();
    assert.equal(undone.length, 1);
    assert.equal(undone[0], replayed);
  });

  test("offers nothing to be undone where nobody knows what there was", () => {
    view.update(action({ state: "done" }), true);
    assert.equal(view.container.querySelector("button"), null);
    view.update(action({ state: "done", before: null }), true);
    assert.ok(view.container.querySelector("button"));
  });
});
