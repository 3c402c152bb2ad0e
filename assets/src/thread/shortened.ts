import type { SavedRun } from "./live-run";
import type { ThreadTree } from "./thread-tree";

/**
 * The keys to keep of a thread, each time without half of the turns that can be left out at its beginning: what no live
 * run writes to. A turn goes with all that followed it on other branches.
 */
export function* shortened(tree: ThreadTree, runs: readonly SavedRun[]): Generator<ReadonlySet<string>> {
  const live = runs.filter((run) => tree.get(run.question)).map((run) => keysAbove(tree, run.question));
  const questions = tree.path.filter((key) => tree.get(key)?.message.role === "user");
  const cuts = questions
    .map((key) => tree.get(key)?.parent ?? null)
    .filter((parent) => parent === null || live.every((above) => above.has(parent)))
    .map((parent) => () => keysBelow(tree, parent));
  for (let rest = live.length > 0 ? cuts : [...cuts, () => new Set<string>()]; rest.length > 1; ) {
    rest = rest.slice(Math.floor(rest.length / 2));
    yield rest[0]!();
  }
}

/**
 * The keys of the last turn on the path that was left out, in their order, with what was left out below it; none if all
 * of the path is there.
 */
export function nextTurn(tree: ThreadTree, leftOut: ReadonlySet<string>): readonly string[] {
  if (leftOut.size === 0) {
    return [];
  }
  const question = [...tree.path].reverse().find((key) => leftOut.has(key) && tree.get(key)?.message.role === "user");
  const entry = question === undefined ? undefined : tree.get(question);
  return entry ? [...keysBelow(tree, entry.parent)].filter((key) => leftOut.has(key)) : [];
}

function keysAbove(tree: ThreadTree, key: string): ReadonlySet<string> {
  return new Set([...tree.upwards(key)].map(({ message }) => message.key));
}

function keysBelow(tree: ThreadTree, parent: string | null): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const entry of tree.entries) {
    if (entry.parent === parent || (entry.parent !== null && keys.has(entry.parent))) {
      keys.add(entry.message.key);
    }
  }
  return keys;
}
