import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProtocolError } from "../../src/protocol/errors";
import type { RunFrame } from "../../src/protocol/frames";
import { applyFrame, newRun, resumeAfter, type RunState } from "../../src/protocol/run-reducer";
import { golden } from "../golden";

interface GoldenRun {
  name: string;
  frames: RunFrame[];
  state: { status: string; last: number; parts: unknown[]; message: string | null };
}

const RUN = "b2J4c0V5d1pqUm1uQ2hhdA";
const at = (seq: number) => ({ run: RUN, id: `1795372800000-${seq}` });

function apply(state: RunState, frames: readonly RunFrame[]): { state: RunState; gaps: number } {
  let gaps = 0;
  for (const frame of frames) {
    const step = applyFrame(state, frame);
    state = step.state;
    gaps += step.gap ? 1 : 0;
  }
  return { state, gaps };
}

function summary(state: RunState): GoldenRun["state"] {
  return {
    status: state.status,
    last: state.last?.seq ?? 0,
    parts: [...state.parts],
    message: state.message?.id ?? null,
  };
}

for (const run of golden<GoldenRun[]>("runs")) {
  describe(run.name, () => {
    test("whole", () => {
      const { state, gaps } = apply(newRun(RUN), run.frames);
      assert.deepEqual(summary(state), run.state);
      assert.equal(gaps, 0);
    });

    test("resumed after each frame, with every overlap", () => {
      for (let cut = 0; cut <= run.frames.length; cut++) {
        for (let from = 0; from <= cut; from++) {
          const before = apply(newRun(RUN), run.frames.slice(0, cut)).state;
          const { state, gaps } = apply(before, run.frames.slice(from));
          assert.deepEqual(summary(state), run.state, `cut at ${cut}, replayed from ${from}`);
          assert.equal(gaps, 0);
        }
      }
    });

    test("with each frame missing: a gap, until it is sent again", () => {
      const droppable = run.frames.slice(0, -1).flatMap((frame, index) => (frame.type === "snapshot" ? [] : [index]));
      for (const missing of droppable) {
        const holed = run.frames.filter((_, index) => index !== missing);
        const { state, gaps } = apply(newRun(RUN), holed);
        assert.equal(gaps, run.frames.length - missing - 1);
        assert.deepEqual(state, apply(newRun(RUN), run.frames.slice(0, missing)).state);
        assert.deepEqual(summary(apply(state, run.frames.slice(missing)).state), run.state);
      }
    });

    test("nothing follows the terminal frame", () => {
      const { state } = apply(newRun(RUN), run.frames);
      const late: RunFrame[] = [
        { type: "text-delta", ...at(run.state.last + 1), part: 0, d: "late" },
        { type: "snapshot", ...at(run.state.last + 2), parts: [] },
        { type: "interrupted", ...at(run.state.last + 3), message: null },
      ];
      assert.deepEqual(apply(state, late), { state, gaps: 0 });
    });
  });
}

test("an older snapshot is dropped", () => {
  const { state } = apply(newRun(RUN), [
    { type: "part-start", ...at(1), part: 0, kind: "text" },
    { type: "text-delta", ...at(2), part: 0, d: "two" },
  ]);
  assert.equal(applyFrame(state, { type: "snapshot", ...at(2), parts: [] }).state, state);
});

test("a newer snapshot replaces everything and closes a gap", () => {
  const { state } = apply(newRun(RUN), [
    { type: "part-start", ...at(1), part: 0, kind: "text" },
    { type: "text-delta", ...at(2), part: 0, d: "two" },
    { type: "snapshot", ...at(9), parts: [{ kind: "text", text: "nine", ended: false }] },
  ]);
  assert.equal(resumeAfter(state), "1795372800000-9");
  assert.deepEqual(state.parts, [{ kind: "text", text: "nine", ended: false }]);
});

test("parts that did not change stay the same objects", () => {
  const { state } = apply(newRun(RUN), [
    { type: "part-start", ...at(1), part: 0, kind: "text" },
    { type: "part-end", ...at(2), part: 0 },
    { type: "part-start", ...at(3), part: 1, kind: "text" },
  ]);
  const next = applyFrame(state, { type: "text-delta", ...at(4), part: 1, d: "x" }).state;
  assert.equal(next.parts[0], state.parts[0]);
  assert.notEqual(next.parts[1], state.parts[1]);
});

test("frames that do not fit are errors", () => {
  const { state } = apply(newRun(RUN), [
    { type: "part-start", ...at(1), part: 0, kind: "text" },
    { type: "part-end", ...at(2), part: 0 },
  ]);
  assert.throws(() => applyFrame(state, { type: "text-delta", ...at(3), part: 0, d: "x" }), ProtocolError);
  assert.throws(() => applyFrame(state, { type: "part-end", ...at(3), part: 1 }), ProtocolError);
  assert.throws(() => applyFrame(state, { type: "part-start", ...at(3), part: 2, kind: "text" }), ProtocolError);
});

test("a fresh run resumes from its start", () => assert.equal(resumeAfter(newRun(RUN)), null));
