import type { Clock } from "../clock";
import type { LazyBundle } from "../lazy/lazy-bundle";
import type { ChatState } from "../state";
import type { TransportFactory } from "../transport/types";
import { FrameTap } from "./frame-tap";

/** What a panel asks of the page. */
export interface InspectorTools {
  readonly clock: Clock;
  readonly copyText: (text: string) => Promise<boolean>;
}

/** Shows what a chat does. */
export interface Inspector {
  show(state: ChatState): void;
  destroy(): void;
}

/** The inspector's bundle. */
export interface Inspectors {
  open(root: HTMLElement, tap: FrameTap, tools: InspectorTools): Inspector;
}

/** What is seen of a chat from its beginning, and the panel that shows it as soon as its bundle is there. */
export class Inspection {
  readonly #root: HTMLElement;
  readonly #tools: InspectorTools;
  readonly #bundle: LazyBundle<Inspectors>;
  readonly #tap: FrameTap;
  #inspector: Inspector | null = null;
  #state: ChatState | null = null;
  #isOver = false;

  constructor(root: HTMLElement, tools: InspectorTools, bundle: LazyBundle<Inspectors>) {
    this.#root = root;
    this.#tools = tools;
    this.#bundle = bundle;
    this.#tap = new FrameTap(tools.clock);
    this.bundleLoaded();
  }

  watch(make: TransportFactory): TransportFactory {
    return this.#tap.watch(make);
  }

  show(state: ChatState): void {
    this.#state = state;
    this.#inspector?.show(state);
  }

  bundleLoaded(): void {
    const inspectors = this.#isOver ? null : this.#bundle.use(this);
    this.#inspector ??= inspectors?.open(this.#root, this.#tap, this.#tools) ?? null;
    if (this.#state) {
      this.#inspector?.show(this.#state);
    }
  }

  end(): void {
    this.#isOver = true;
    this.#inspector?.destroy();
  }
}
