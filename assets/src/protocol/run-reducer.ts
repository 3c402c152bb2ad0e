/** A run as the browser has read it so far, and the pure step from one frame to the next. */

import { ProtocolError } from "./errors";
import { formatFrameId, parseFrameId, type FrameId } from "./frame-id";
import type { MessageRef, RunFrame, SnapshotPart, TextSpliceFrame } from "./frames";

export type RunStatus = "submitted" | "streaming" | "done" | "stopped" | "error" | "interrupted";

export interface RunState {
  readonly run: string;
  readonly status: RunStatus;
  readonly last: FrameId | null;
  readonly parts: readonly SnapshotPart[];
  /** The signed answer; null while the run is alive, and when it ended without a character. */
  readonly message: MessageRef | null;
  readonly error: { readonly text: string; readonly ref: string | null } | null;
  /** What could be asked next; none unless it is complete. */
  readonly suggestions: readonly string[];
}

export interface Step {
  readonly state: RunState;
  /** Frames are missing before this one: it was not applied, and the run must be resumed from `last`. */
  readonly gap: boolean;
}

export function newRun(run: string): RunState {
  return { run, status: "submitted", last: null, parts: [], message: null, error: null, suggestions: [] };
}

export function isTerminal(state: RunState): boolean {
  return state.status !== "submitted" && state.status !== "streaming";
}

/** What `hello{resume}` names as `after`. */
export function resumeAfter(state: RunState): string | null {
  return state.last && formatFrameId(state.last);
}


/**
 * Applies one frame, whose `run` is the state's.
 *
 * @throws ProtocolError when the frame is next in line and still does not fit, such as text for an unknown part.
 */
export function applyFrame(state: RunState, frame: RunFrame): Step {
  const id = parseFrameId(frame.id);
  if (!id) {
    throw new ProtocolError(`bad frame id ${frame.id}`);
  }
  const last = state.last?.seq ?? 0;
  if (isTerminal(state) || id.seq <= last) {
    return { state, gap: false };
  }
  if (frame.type !== "snapshot" && id.seq > last + 1) {
    return { state, gap: true };
  }
  return { state: { ...state, status: "streaming", last: id, ...change(state, frame) }, gap: false };
}

function change(state: RunState, frame: RunFrame): Partial<RunState> {
  switch (frame.type) {
    case "part-start":
      if (frame.part !== state.parts.length) {
        throw new ProtocolError(`part ${frame.part} is not the next one`);
      }
      return { parts: [...state.parts, { kind: frame.kind, text: "", ended: false }] };
    case "text-delta":
      return { parts: changePart(state, frame.part, (part) => ({ ...part, text: part.text + frame.d })) };
    case "text-splice":
      return { parts: changeAnyPart(state, frame.part, (part) => ({ ...part, text: splice(part.text, frame), ended: false })) };
    case "part-end":
      return { parts: changePart(state, frame.part, (part) => ({ ...part, ...timed(frame.ms), ended: true })) };
    case "snapshot":
      return { parts: frame.parts.map(({ kind, text, ended, ms }) => ({ kind, text, ended, ...timed(ms) })) };
    case "error":
      return { status: "error", message: frame.message, error: { text: frame.text, ref: frame.ref } };
    case "finish":
      return { status: "done", message: frame.message, suggestions: frame.suggestions ?? [] };
    case "stopped":
    case "interrupted":
      return { status: frame.type, message: frame.message };
  }
}

function changePart(state: RunState, index: number, edit: (part: SnapshotPart) => SnapshotPart): readonly SnapshotPart[] {
  if (state.parts[index]?.ended) {
    throw new ProtocolError(`part ${index} is not open`);
  }
  return changeAnyPart(state, index, edit);
}

function changeAnyPart(state: RunState, index: number, edit: (part: SnapshotPart) => SnapshotPart): readonly SnapshotPart[] {
  const part = state.parts[index];
  if (!part) {
    throw new ProtocolError(`there is no part ${index}`);
  }
  return state.parts.map((other) => (other === part ? edit(part) : other));
}

function splice(text: string, { at, remove, d }: TextSpliceFrame): string {
  if (at + remove > text.length) {
    throw new ProtocolError(`there is no character ${at + remove}`);
  }
  return text.slice(0, at) + d + text.slice(at + remove);
}

function timed(ms: number | undefined): { readonly ms?: number } {
  return ms === undefined ? {} : { ms };
}
