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

test("a retry is a wait", () => {
  for (const phase of ["connecting", "open", "closing"] as const) {
    assert.equal(nextPhase(phase, "retry"), "waiting");
  }
});

const fine = { answered: true, lost: false, online: true };

test("waiting is connecting, again or for the first time", () => {
  for (const phase of ["connecting", "waiting"] as const) {
    assert.equal(connectionState(phase, fine), "connecting");
    assert.equal(connectionState(phase, { ...fine, lost: true }), "reconnecting");
    assert.equal(connectionState(phase, { ...fine, lost: true, online: false }), "offline");
  }
});

test("a connection that works is open, whatever the browser says", () => {
  assert.equal(connectionState("open", { ...fine, lost: true, online: false }), "open");
});

test("one that has not answered yet is not open", () => {
  assert.equal(connectionState("open", { ...fine, answered: false }), "connecting");
});

test("without a need for a connection, its lack means nothing", () => {
  for (const phase of ["closed", "closing"] as const) {
    assert.equal(connectionState(phase, { ...fine, online: false }), phase);
  }
});
