import type { KeptMessage, KeptThread } from "../../src/history/kept-thread";

export const QUESTION: KeptMessage = { id: "u1", parent: null, role: "user", content: "One", run: "run-1", created: 1_000 };
export const ANSWER: KeptMessage = {
  id: "a1",
  parent: "u1",
  role: "assistant",
  content: "1",
  run: "run-1",
  created: 2_000,
  status: "done",
};

export function kept(...messages: readonly KeptMessage[]): KeptThread {
  return { id: "thread-kept-000001", title: "One", messages };
}

/** A turn after another message. */
export function turnAfter(parent: string, name: string, content: string): [KeptMessage, KeptMessage] {
  return [
    { ...QUESTION, id: `u${name}`, parent, content, run: `run-${name}` },
    { ...ANSWER, id: `a${name}`, parent: `u${name}`, content: `${content}!`, run: `run-${name}` },
  ];
}
