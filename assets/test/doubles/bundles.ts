import type { Highlighter } from "../../src/code/tokens.js";
import type { DiagramSandbox } from "../../src/diagrams/sandbox.js";
import { LazyBundle } from "../../src/lazy/lazy-bundle.js";
import type { Bundles } from "../../src/lazy/page-bundles.js";
import { SlicedWork } from "../../src/lazy/sliced-work.js";
import type { Typesetter } from "../../src/math/formulas.js";
import { FakeClock } from "./fake-clock.js";

export interface FakeBundlesParts {
  readonly highlighter?: Highlighter;
  readonly typesetter?: Typesetter;
  readonly sandbox?: Pick<DiagramSandbox, "draw">;
}

/** Bundles that are there at once when they are given, and otherwise never come. */
export class FakeBundles implements Bundles {
  readonly clock: FakeClock;
  readonly work: SlicedWork;
  readonly highlighter: LazyBundle<Highlighter>;
  readonly typesetter: LazyBundle<Typesetter>;
  readonly sandbox: LazyBundle<Pick<DiagramSandbox, "draw">>;
  /** The names of those that were asked for. */
  readonly asked: string[] = [];

  constructor(parts: FakeBundlesParts = {}, clock = new FakeClock()) {
    this.clock = clock;
    this.work = new SlicedWork(clock);
    this.highlighter = this.#bundle("highlighter", parts.highlighter);
    this.typesetter = this.#bundle("typesetter", parts.typesetter);
    this.sandbox = this.#bundle("sandbox", parts.sandbox);
  }

  /** Bundles that have been loaded before. */
  static async loaded(parts: FakeBundlesParts): Promise<FakeBundles> {
    const bundles = new FakeBundles(parts);
    const user = { bundleLoaded: () => undefined };
    [bundles.highlighter, bundles.typesetter, bundles.sandbox].forEach((bundle) => bundle.use(user));
    await new Promise(setImmediate);
    return bundles;
  }

  #bundle<T extends object>(name: string, loaded: T | undefined): LazyBundle<T> {
    const load = (): Promise<T> => {
      this.asked.push(name);
      return loaded ? Promise.resolve(loaded) : new Promise(() => undefined);
    };
    return new LazyBundle<T>({ name, load, clock: this.clock, work: this.work });
  }
}
