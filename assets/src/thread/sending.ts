/** What starts a run, and when it can: it names the signed message that it continues. */

import type { SendFrame } from "../protocol/frames";
import { textOf } from "../protocol/content";
import { parentOf } from "./chain";
import type { LiveRun } from "./live-run";
import type { ThreadTree } from "./thread-tree";

/** Whether what a run continues has its signature, or will have none. Other branches are no concern of it. */
export function isFree(tree: ThreadTree, runs: readonly LiveRun[], run: LiveRun): boolean {
  const earlier = runs.slice(0, runs.indexOf(run));
  const above = new Set(earlier.length > 0 ? [...tree.upwards(run.question)].map(({ message }) => message.key) : []);
  return earlier
    .filter((before) => above.has(before.question))
    .every((before) => before.accepted && (before.overtaken || !above.has(before.answer)));
}

/** @param thread the conversation's id; null where none is kept. */
export function newSend(tree: ThreadTree, run: LiveRun, thread: string | null): SendFrame {
  const question = tree.get(run.question);
  const rest = { ...(run.inputs.length > 0 && { inputs: run.inputs }), ...(thread !== null && { thread }) };
  if (question?.signature) {
    return { type: "send", run: run.id, parent: question.signature.id, text: null, ...rest };
  }
  // Also a question that was refused: it has no id, and is asked as if for the first time.
  const { parts = [], attachments = [] } = question?.message ?? {};
  const files = attachments.length > 0 ? { files: attachments.map(({ id }) => id) } : {};
  return { type: "send", run: run.id, parent: parentOf(tree, run.question), text: textOf(parts), ...files, ...rest };
}
