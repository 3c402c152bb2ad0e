import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProtocolError } from "../../src/protocol/errors";
import type { RunFrame, SnapshotPart } from "../../src/protocol/frames";
import { textOf } from "../../src/protocol/content";
import { applyFrame, isTerminal, newRun, resumeAfter, type RunState } from "../../src/protocol/run-reducer";
import { golden } from "../golden";

interface GoldenRun {
  name: string;
  frames: RunFrame[];
  state: { status: string; last: number; parts: SnapshotPart[]; message: string | null };
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

for (const { name, frames, state: expected } of golden<GoldenRun[]>("runs")) {
  /** The frames in two messages, the second beginning up to `overlap` frames before the end of the first. */
  const splits = frames.flatMap((_, cut) =>
    Array.from({ length: cut + 1 }, (_, overlap) => ({ cut, from: cut - overlap })),
  );
  /** Every stretch that can be missing before a frame that does not make up for it. */
  const holes = frames.flatMap((frame, end) =>
    frame.type === "snapshot" ? [] : Array.from({ length: end }, (_, start) => ({ start, end })),
  );

  describe(name, () => {
    test("whole", () => {
      const { state, gaps } = apply(newRun(RUN), frames);
      assert.deepEqual(summary(state), expected);
      assert.equal(gaps, 0);
      assert.equal(isTerminal(state), true);
      assert.equal(textOf(state.parts), expected.parts.map(({ kind, text }) => (kind === "text" ? text : "")).join(""));
    });

    test("after each frame it resumes from that frame", () => {
      let state = newRun(RUN);
      for (const frame of frames) {
        ({ state } = applyFrame(state, frame));
        assert.equal(resumeAfter(state), frame.id);
      }
    });

    test("each frame three times", () => {
      const { state, gaps } = apply(
        newRun(RUN),
        frames.flatMap((frame) => [frame, frame, frame]),
      );
      assert.deepEqual(summary(state), expected);
      assert.equal(gaps, 0);
    });

    for (const { cut, from } of splits) {
      test(`resumed after ${cut} frames, replayed from ${from}`, () => {
        const before = apply(newRun(RUN), frames.slice(0, cut)).state;
        const { state, gaps } = apply(before, frames.slice(from));
        assert.deepEqual(summary(state), expected);
        assert.equal(gaps, 0);
      });
    }

    test("every suffix repeated, at every place: what was seen before leaves the very same state", () => {
      frames.forEach((_, index) => {
        const seen = frames.slice(0, index + 1);
        const { state } = apply(newRun(RUN), seen);
        seen.forEach((_, from) => {
          const again = apply(state, seen.slice(from));
          assert.equal(again.state, state);
          assert.equal(again.gaps, 0);
        });
      });
    });

    for (const { start, end } of holes) {
      test(`without frames ${start} to ${end - 1}: gaps, and nothing changes until they are sent again`, () => {
        const before = apply(newRun(RUN), frames.slice(0, start)).state;
        const holed = apply(before, frames.slice(end));
        assert.equal(holed.gaps, frames.length - end);
        assert.equal(holed.state, before);
        const { state, gaps } = apply(holed.state, frames.slice(start));
        assert.deepEqual(summary(state), expected);
        assert.equal(gaps, 0);
      });
    }

    for (const seqsLater of [1, 2]) {
      test(`nothing follows the terminal frame, ${seqsLater} later`, () => {
        const { state } = apply(newRun(RUN), frames);
        const id = at(expected.last + seqsLater);
        const late: RunFrame[] = [
          { type: "part-start", ...id, part: expected.parts.length, kind: "text" },
          { type: "text-delta", ...id, part: 0, d: "late" },
          { type: "part-end", ...id, part: 0 },
          { type: "snapshot", ...id, parts: [] },
          { type: "finish", ...id, message: null },
          { type: "stopped", ...id, message: null },
          { type: "error", ...id, code: "failed", text: "late", ref: null, message: null },
          { type: "interrupted", ...id, message: null },
        ];
        for (const frame of late) {
          const step = applyFrame(state, frame);
          assert.equal(step.state, state, frame.type);
          assert.equal(step.gap, false, frame.type);
        }
      });
    }
  });
}

test("the end of an error says why", () => {
  const failed = golden<GoldenRun[]>("runs").find(({ state }) => state.status === "error");
  assert.ok(failed);
  const { text, ref } = failed.frames.at(-1) as { text: string; ref: string } & RunFrame;
  assert.deepEqual(apply(newRun(RUN), failed.frames).state.error, { text, ref });
});

test("the end of a complete answer brings what it suggests", () => {
  const suggesting = golden<GoldenRun[]>("runs").find(({ frames }) => "suggestions" in frames.at(-1)!);
  assert.deepEqual(apply(newRun(RUN), suggesting!.frames).state.suggestions, ["Why?"]);
});

describe("a snapshot, read after three frames with the text ab", () => {
  const { state } = apply(newRun(RUN), [
    { type: "part-start", ...at(1), part: 0, kind: "text" },
    { type: "text-delta", ...at(2), part: 0, d: "a" },
    { type: "text-delta", ...at(3), part: 0, d: "b" },
  ]);

  for (const seq of [1, 2, 3]) {
    test(`of frame ${seq} is dropped`, () => {
      const step = applyFrame(state, { type: "snapshot", ...at(seq), parts: [] });
      assert.equal(step.state, state);
      assert.equal(step.gap, false);
    });
  }

  for (const seq of [4, 5, 900]) {
    test(`of frame ${seq} replaces everything and closes the gap`, () => {
      const parts = [{ kind: "text", text: "abc", ended: false }] as const;
      const after = apply(state, [{ type: "snapshot", ...at(seq), parts }]);
      assert.equal(after.gaps, 0);
      assert.equal(resumeAfter(after.state), at(seq).id);
      assert.deepEqual(after.state.parts, parts);
      assert.equal(apply(after.state, [{ type: "text-delta", ...at(seq + 2), part: 0, d: "e" }]).gaps, 1);
      const next = apply(after.state, [{ type: "text-delta", ...at(seq + 1), part: 0, d: "d" }]);
      assert.equal(textOf(next.state.parts), "abcd");
    });
  }
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

describe("next in line after an ended part, what does not fit is an error", () => {
  const { state } = apply(newRun(RUN), [
    { type: "part-start", ...at(1), part: 0, kind: "text" },
    { type: "part-end", ...at(2), part: 0 },
  ]);
  const misfits: Record<string, RunFrame> = {
    "text for the ended part": { type: "text-delta", ...at(3), part: 0, d: "x" },
    "an end of the ended part": { type: "part-end", ...at(3), part: 0 },
    "an end of no part": { type: "part-end", ...at(3), part: 1 },
    "a part too far": { type: "part-start", ...at(3), part: 2, kind: "text" },
    "no id": { type: "part-start", run: RUN, id: "3", part: 1, kind: "text" },
  };
  for (const [what, frame] of Object.entries(misfits)) {
    test(what, () => assert.throws(() => applyFrame(state, frame), ProtocolError));
  }
});

test("a fresh run resumes from its start", () => assert.equal(resumeAfter(newRun(RUN)), null));
