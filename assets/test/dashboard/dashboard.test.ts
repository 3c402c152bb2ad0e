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

  it("undoes what it has set", () => {
    const action = set("countries", ["France"]);
    dashboard.act(action);
    dashboard.undo({ ...action, state: "done", before: ["Japan"] });
    assert.deepEqual(components["countries"]!["value"], ["Japan"]);
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
