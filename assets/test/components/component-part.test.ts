import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { ComponentPart } from "../../src/components/component-part.js";
import type { DashId } from "../../src/dash.js";
import type { PartState } from "../../src/state.js";
import { FakeClock } from "../doubles/fake-clock.js";

describe("ComponentPart", () => {
  let clock: FakeClock;
  let shown: unknown[];
  let set: [DashId, object][];
  let isRendered: boolean;
  let hidden: number;
  let themed: number;
  let view: ComponentPart;

  beforeEach(() => {
    clock = new FakeClock();
    [shown, set, isRendered, hidden, themed] = [[], [], true, 0, 0];
    view = new ComponentPart(new JSDOM("").window.document, {
      stage: {
        show: (_, tree) => {
          shown.push(tree);
          return () => (hidden += 1);
        },
      },
      themes: {
        applied: (tree: unknown) => {
          themed += 1;
          return tree;
        },
      },
      setProps: (id, props) => {
        set.push([id, props]);
        return true;
      },
      getProp: (id) => (isRendered ? id : undefined),
      clock,
      pin: null,
    });
  });

  const tree = (props: object) => ({ namespace: "n", type: "Graph", props: { id: "mine", ...props } });
  const part = (value: unknown, ended = true): PartState => ({ kind: "component", text: JSON.stringify(value), ended });
  const cut = (value: unknown): PartState => ({ kind: "component", text: JSON.stringify(value).slice(0, -5), ended: false });

  it("shows components when their JSON is complete", () => {
    view.update(cut(tree({})));
    assert.deepEqual(shown, []);
    view.update(part(tree({ a: 1 })));
    view.update(part(tree({ a: 1 })));
    assert.deepEqual(shown, [tree({ a: 1 })]);
    clock.pass(1_000);
    assert.deepEqual(set, []);
  });

  it("sets only what changes from then on", () => {
    view.update(part(tree({ figure: { data: [1] }, config: {} })));
    view.update(cut(tree({ figure: { data: [2] }, config: {} })));
    view.update(part(tree({ figure: { data: [2] }, config: {} })));
    clock.pass(100);
    view.update(part(tree({ figure: { data: [2] }, config: { a: 1 } })));
    clock.pass(100);
    assert.deepEqual(set, [["mine", { figure: { data: [2] } }], ["mine", { config: { a: 1 } }]]);
    assert.equal(shown.length, 1);
  });

  it("leaves out what comes faster than the screen, but for the last", () => {
    view.update(part(tree({ value: 0 })));
    for (let value = 1; value <= 1_000; value += 1) {
      view.update(part(tree({ value })));
      if (value % 50 === 0) {
        clock.pass(1);
      }
    }
    clock.pass(100);
    assert.ok(set.length <= 3, `${set.length} times`);
    assert.deepEqual(set.at(-1), ["mine", { value: 1_000 }]);
  });

  it("waits until Dash has made the component, and reads nothing until then", () => {
    isRendered = false;
    view.update(part(tree({ value: 0 })));
    view.update(part(tree({ value: 1 })));
    clock.pass(1_000);
    assert.deepEqual(set, []);
    assert.equal(themed, 1);
    isRendered = true;
    clock.pass(1_000);
    assert.deepEqual(set, [["mine", { value: 1 }]]);
  });

  it("leaves lists of components as they are", () => {
    view.update(part(["a", tree({})]));
    view.update(part(["b", tree({})]));
    clock.pass(1_000);
    assert.deepEqual(set, []);
  });

  it("ends with its message", () => {
    view.destroy();
    assert.equal(hidden, 0);
    view.update(part(tree({ value: 0 })));
    view.update(part(tree({ value: 1 })));
    view.destroy();
    clock.pass(1_000);
    assert.equal(hidden, 1);
    assert.deepEqual(set, []);
    assert.equal(clock.pending, 0);
  });
});
