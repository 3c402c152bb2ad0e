import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionState, nextPhase, type Phase } from "../src/connection-phase";

const PHASES: readonly Phase[] = ["closed", "connecting", "open", "closing", "waiting"];

test("closing is possible from everywhere but closed", () => {
  for (const phase of PHASES) {
    assert.equal(nextPhase(phase, "close"), phase === "closed" ? null : "closed");
  }
});

test("only an attempt opens", () => {
  assert.deepEqual(PHASES.filter((phase) => nextPhase(phase, "opened") !== null), ["connecting"]);
});

test("a retry is a wait, which the user sees as connecting", () => {
  for (const phase of ["connecting", "open", "closing"] as const) {
    assert.equal(nextPhase(phase, "retry"), "waiting");
  }
  assert.equal(connectionState("waiting"), "connecting");
  assert.equal(connectionState("closing"), "closing");
});
