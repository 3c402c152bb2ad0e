import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Dashboard } from "../../src/dashboard/dashboard.js";
import type { PageAction } from "../../src/dashboard/page-action.js";

type Props = Record<string, unknown>;

let components: Record<string, Props>;
let later: (() => void)[];
let dashboard: Dashboard;

beforeEach(() => {
  components = {
    countries: { id: "countries", value: ["Japan"], options: ["Japan", { label: "France", value: "France" }] },
    year: { id: "year", value: 1952, min: 1952, max: 2007 },
    name: { id: "name" },
    vizro_url: { id: "vizro_url" },
    "vizro-notifications": { id: "vizro-notifications" },
  };
  later = [];
  dashboard = new Dashboard(
    (id, props) => Boolean(Object.assign(components[id as string] ?? {}, props)),
    (id, name) => components[id as string]?.[name],
    (call) => later.push(call),
  );
});

const set = (id: string, value: unknown): PageAction => ({ do: "set", label: id, state: "open", target: [id, "value"], value });

describe("Dashboard", () => {
  it("sets what a control can have, and tells what it had", () => {
    assert.deepEqual(dashboard.act(set("countries", ["France"])), { done: true, before: ["Japan"] });
    assert.deepEqual(components["countries"]!["value"], ["France"]);
    assert.deepEqual(dashboard.act(set("year", 2007)), { done: true, before: 1952 });
    assert.deepEqual(dashboard.act(set("name", "Ada")), { done: true, before: null });
  });

  it("gives the value the form of the one that is there", () => {
    dashboard.act(set("countries", "France"));
    assert.deepEqual(components["countries"]!["value"], ["France"]);
    dashboard.act(set("year", [1990]));
    assert.equal(components["year"]!["value"], 1990);
  });

  it("sets nothing that a control does not have, and nothing that is not there", () => {
    for (const [id, value] of [["countries", ["France", "Atlantis"]], ["year", 1900], ["year", 2100], ["year", "soon"]] as const) {
      const before = structuredClone(components[id]);
      assert.deepEqual(dashboard.act(set(id, value)), { done: false, problem: "value" });
      assert.deepEqual(components[id], before);
    }
    assert.deepEqual(dashboard.act(set("nobody", 1)), { done: false, problem: "missing" });
  });

  it("gives a control that has no value the form that it has values in", () => {
    components["countries"] = { id: "countries", value: null, multi: true, options: ["Japan", "France"] };
    dashboard.act(set("countries", "France"));
    assert.deepEqual(components["countries"]["value"], ["France"]);
    components["countries"] = { id: "countries", value: null, multi: true, options: ["Japan", "France"] };
    dashboard.act(set("countries", ["France"]));
    assert.deepEqual(components["countries"]["value"], ["France"]);
    components["days"] = { id: "days", value: null };
    dashboard.act(set("days", ["2024-01-01"]));
    assert.deepEqual(components["days"]["value"], ["2024-01-01"]);
  });

  const CASES: readonly (readonly [string, Props, can: unknown[], cannot: unknown[]])[] = [
    ["one of several", { value: "Japan", multi: false, options: ["Japan", "France"] }, ["France", ["France"]], [["Japan", "France"], [], null]],
    ["several, or none", { value: ["Japan"], options: ["Japan", "France"] }, [["France", "Japan"], []], [null]],
    ["options by their names", { value: "a", options: { a: "Ada", b: "Bob" } }, ["b"], ["Bob", "c"]],
    ["a tree", { value: ["Japan"], multi: true, options: { Asia: ["Japan"], Europe: { South: ["Italy"] } } }, [["Italy"], "Japan"], ["Asia", "South"]],
    ["a tree of options", { value: "jp", options: [{ label: "Asia", value: "as", children: [{ label: "Japan", value: "jp" }] }] }, ["jp"], ["as"]],
    ["a way through a tree", { value: ["Asia", "Japan"], multi: false, full_path: true, options: { Asia: ["Japan"] } }, [["Asia", "Japan"]], ["Japan", ["Asia"]]],
    ["ways through a tree", { value: [], multi: true, full_path: true, options: { Asia: ["Japan"] } }, [[["Asia", "Japan"]], []], [["Asia", "Japan"]]],
    ["a range", { value: [1, 5], min: 0, max: 9 }, [[2, 3]], [3, [3], [1, 2, 3], ["2", "3"], [2, null]]],
    ["a number", { value: 1, min: 0 }, [5], [[1, 2], "5", null, true, -1]],
    ["a number up to another", { value: 1, min: null, max: 9 }, [-5], [10]],
    ["a day", { value: "2024-02-01", minDate: "2024-01-01", maxDate: "2024-03-31T00:00:00" }, ["2024-03-31", "2024-01-01"], ["2023-12-31", "2024-04-01"]],
    ["days", { value: ["2024-02-01", "2024-02-02"], minDate: "2024-01-01", maxDate: null }, [["2024-01-01", "2030-01-01"]], [["2023-12-31", "2024-01-01"]]],
  ];
  for (const [name, props, can, cannot] of CASES) {
    it(`knows which values a control can have: ${name}`, () => {
      for (const value of [...can, ...cannot]) {
        components["control"] = { id: "control", ...props };
        assert.equal(dashboard.act(set("control", value)).done, can.includes(value), JSON.stringify(value));
      }
    });
  }

  it("does not tell what the server would not take", () => {
    const before = Array.from({ length: 5_000 }, (_, index) => `Customer ${index}`);
    components["countries"] = { id: "countries", value: before, options: before };
    assert.deepEqual(dashboard.act(set("countries", "Customer 1")), { done: true });
    assert.deepEqual(components["countries"]["value"], ["Customer 1"]);
  });

  it("undoes what it has set", () => {
    const action = set("countries", ["France"]);
    dashboard.act(action);
    dashboard.undo({ ...action, state: "done", before: ["Japan"] });
    assert.deepEqual(components["countries"]!["value"], ["Japan"]);
    assert.equal(dashboard.undo({ ...set("nobody", 1), before: 2 }), false);
  });

  it("opens a page when it was said that it is done", () => {
    const action: PageAction = { do: "navigate", label: "Details", state: "open", path: "/details" };
    assert.deepEqual(dashboard.act(action), { done: true });
    assert.equal(components["vizro_url"]!["href"], undefined);
    later.forEach((call) => call());
    assert.equal(components["vizro_url"]!["href"], "/details");
    delete components["vizro_url"];
    assert.deepEqual(dashboard.act(action), { done: false, problem: "missing" });
  });

  it("shows notifications, each for itself", () => {
    const ids = ["One", "Two"].map((label) => {
      assert.deepEqual(dashboard.act({ do: "notify", label, title: "T", state: "open" }), { done: true });
      const [shown] = components["vizro-notifications"]!["sendNotifications"] as [{ id: string; message: string }];
      assert.equal(shown.message, label);
      return shown.id;
    });
    assert.notEqual(ids[0], ids[1]);
  });
});
