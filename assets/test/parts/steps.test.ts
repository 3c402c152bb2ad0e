import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM, type DOMWindow } from "jsdom";
import { FilePart } from "../../src/parts/file-part.js";
import { ProblemPart } from "../../src/parts/problem-part.js";
import { ToolPart } from "../../src/parts/tool-part.js";
import type { FileRef } from "../../src/protocol/frames.js";
import type { PartState } from "../../src/state.js";

let window: DOMWindow;

beforeEach(() => ({ window } = new JSDOM("")));

const part = (kind: PartState["kind"], value: object): PartState => ({ kind, text: JSON.stringify(value), ended: true });

describe("ToolPart", () => {
  const step = (more: object): PartState => part("tool", { name: "count_rows", args: { table: "sales" }, state: "running", ...more });
  let tool: ToolPart;
  const summary = (): string => tool.container.querySelector("summary")!.textContent!;
  const values = (): (string | null)[] => [...tool.container.querySelectorAll("pre")].map(({ textContent }) => textContent);

  beforeEach(() => (tool = new ToolPart(window.document)));

  it("tells what is called, folded, and then what came of it", () => {
    tool.update(step({}), true);
    assert.equal(tool.container.open, false);
    assert.equal(summary(), "count_rowsRunning…");
    assert.deepEqual(values(), ['{\n  "table": "sales"\n}']);
    tool.update(step({ state: "done", output: 42, ms: 1500 }), true);
    assert.equal(summary(), "count_rowsDone2 s");
    assert.deepEqual(values(), ['{\n  "table": "sales"\n}', "42"]);
  });

  it("stays open when it changes", () => {
    tool.update(step({}), true);
    tool.container.open = true;
    tool.update(step({ state: "done", output: null, ms: 0 }), true);
    assert.equal(tool.container.open, true);
  });

  it("goes on no more when its answer does not", () => {
    tool.update(step({}), false);
    assert.equal(tool.container.dataset["state"], "cut");
    for (const state of ["done", "error", "denied"]) {
      tool.update(step({ state, output: null, ms: 1 }), false);
      assert.equal(tool.container.dataset["state"], state);
    }
  });

  it("shows arguments that are no JSON as the text that they are", () => {
    tool.update(step({ args: '{"table": "sa' }), true);
    assert.deepEqual(values(), ['{"table": "sa']);
  });

  it("shows markup as text, and no input where there is none", () => {
    tool.update(step({ name: "<img src=x onerror=alert(1)>", args: null, state: "done", output: "<b>x</b>", ms: 1 }), true);
    assert.equal(tool.container.querySelectorAll("img, b").length, 0);
    assert.deepEqual(values(), ["<b>x</b>"]);
  });

  it("keeps what it shows while it is incomplete", () => {
    tool.update(step({}), true);
    tool.update({ ...step({}), text: '{"name":"count_rows","st', ended: false }, true);
    tool.update({ ...step({}), text: '{"name":"count_rows","st', ended: false }, false);
    assert.equal(summary(), "count_rowsRunning…");
  });
});

describe("ProblemPart", () => {
  it("tells that something is missing, and where the log has more", () => {
    const problem = new ProblemPart(window.document);
    problem.update({ kind: "problem", text: '{"re', ended: false });
    assert.equal(problem.container.textContent, "");
    problem.update(part("problem", { ref: "k3v9x2" }));
    assert.equal(problem.container.textContent, "A part of the answer could not be shown. Reference: k3v9x2");
  });
});

describe("FilePart", () => {
  it("places its file once, when it is complete", () => {
    const placed: FileRef[] = [];
    const file = new FilePart(window.document, {
      place: (ref: FileRef, container: HTMLElement) => {
        placed.push(ref);
        container.append("file");
      },
    });
    const ref = { id: "f", name: "a.csv", size: 1, type: "text/csv" };
    file.update({ kind: "file", text: '{"id":', ended: false });
    file.update(part("file", ref));
    file.update(part("file", ref));
    assert.deepEqual(placed, [ref]);
  });
});
