import type { Clock } from "../clock.js";
import type { Highlighter } from "../code/tokens.js";
import type { Inspectors } from "../inspector/inspection.js";
import { DiagramSandbox } from "../diagrams/sandbox.js";
import type { Typesetter } from "../math/formulas.js";
import type { BundleFiles } from "./bundle-files.js";
import { LazyBundle } from "./lazy-bundle.js";
import { SlicedWork } from "./sliced-work.js";

/** What the chats of a page load when an answer first needs it, each once. */
export interface Bundles {
  readonly work: SlicedWork;
  readonly highlighter: LazyBundle<Highlighter>;
  readonly typesetter: LazyBundle<Typesetter>;
  readonly sandbox: LazyBundle<Pick<DiagramSandbox, "draw">>;
}

export function pageBundles(window: Window, clock: Clock, files: BundleFiles): Bundles {
  const work = new SlicedWork(clock);
  return {
    work,
    highlighter: new LazyBundle<Highlighter>({
      name: "Highlighting",
      load: async (attempt) => (await files.module<{ highlighter: Highlighter }>("code.js", attempt)).highlighter,
      clock,
      work,
    }),
    typesetter: new LazyBundle<Typesetter>({
      name: "Mathematics",
      load: async (attempt) => {
        const [{ typesetter }] = await Promise.all([
          files.module<{ typesetter: Typesetter }>("math.js", attempt),
          files.styleSheet("math.css", attempt),
        ]);
        return typesetter;
      },
      clock,
      work,
    }),
    sandbox: new LazyBundle<DiagramSandbox>({
      name: "Diagrams",
      load: async (attempt) => {
        const sandbox = new DiagramSandbox({ window, clock, script: files.url("diagrams.js", attempt) });
        await sandbox.open();
        return sandbox;
      },
      clock,
      work,
    }),
  };
}

/** What the chats of a page with Dash's developer tools load beside them. */
export function inspectorBundle(clock: Clock, files: BundleFiles): LazyBundle<Inspectors> {
  return new LazyBundle<Inspectors>({
    name: "The inspector",
    load: async (attempt) => {
      const [{ inspectors }] = await Promise.all([
        files.module<{ inspectors: Inspectors }>("inspector.js", attempt),
        files.styleSheet("inspector.css", attempt),
      ]);
      return inspectors;
    },
    clock,
    work: new SlicedWork(clock),
  });
}
