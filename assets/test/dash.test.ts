import assert from "node:assert/strict";
import { test } from "node:test";
import { dashSetProps } from "../src/dash";

test("Dash may come later", () => {
  const host: { dash_clientside?: { set_props?: (...args: unknown[]) => void } } = {};
  const setProps = dashSetProps(host);
  assert.equal(setProps("id", {}), false);
  host.dash_clientside = {};
  assert.equal(setProps("id", {}), false);
  const calls: unknown[] = [];
  host.dash_clientside.set_props = (...args) => calls.push(args);
  assert.equal(setProps("id", { url: "" }), true);
  assert.deepEqual(calls, [["id", { url: "" }]]);
});

test("a component that has gone is no failure", () => {
  const host = {
    dash_clientside: {
      set_props: () => {
        throw new TypeError("no such component");
      },
    },
  };
  assert.equal(dashSetProps(host)("id", {}), false);
});
