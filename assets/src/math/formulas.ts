import type { BundleUser, LazyBundle } from "../lazy/lazy-bundle.js";
import type { SlicedWork } from "../lazy/sliced-work.js";
import { labels } from "../view/labels.js";
import type { ScrollRegions } from "../view/scroll-regions.js";

/** What the bundle for mathematics offers. */
export interface Typesetter {
  /** @throws Error if the source is no TeX. */
  typeset(source: string, element: HTMLElement, isDisplay: boolean): void;
}

const WAITING = ".chat-math:not([data-chat-source], .chat-math-open)";

export interface FormulaTools {
  readonly typesetter: LazyBundle<Typesetter>;
  readonly regions: Pick<ScrollRegions, "watch">;
  readonly work: SlicedWork;
}

/** Typesets the formulas in nodes, which hold their source until then. */
export class Formulas {
  readonly #tools: FormulaTools;
  /** Keeps each formula as long as its element is there. */
  readonly #formulas = new WeakMap<Element, Formula>();

  constructor(tools: FormulaTools) {
    this.#tools = tools;
  }

  typesetIn(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.nodeType === node.ELEMENT_NODE) {
        const element = node as HTMLElement;
        [element, ...element.querySelectorAll<HTMLElement>(WAITING)]
          .filter((found) => found.matches(WAITING))
          .forEach((found) => this.#typeset(found));
      }
    }
  }

  #typeset(element: HTMLElement): void {
    const known = this.#formulas.get(element);
    if (known?.source !== element.textContent) {
      const formula = new Formula(element, this.#tools);
      this.#formulas.set(element, formula);
      if (this.#tools.typesetter.use(formula)) {
        this.#tools.work.do(() => formula.bundleLoaded());
      }
    }
  }
}

class Formula implements BundleUser {
  readonly source: string;
  readonly #element: HTMLElement;
  readonly #tools: FormulaTools;

  constructor(element: HTMLElement, tools: FormulaTools) {
    this.source = element.textContent ?? "";
    this.#element = element;
    this.#tools = tools;
  }

  bundleLoaded(): void {
    const element = this.#element;
    // The element may have become another formula's since.
    if (element.textContent !== this.source || !element.matches(WAITING)) {
      return;
    }
    const isDisplay = element.classList.contains("chat-math-display");
    try {
      this.#tools.typesetter.use(this)!.typeset(this.source, element, isDisplay);
      if (isDisplay && element.firstElementChild) {
        this.#tools.regions.watch(element, element.firstElementChild, labels.formula);
      }
    } catch (error) {
      element.textContent = this.source;
      element.title = String(error);
      element.dataset["outcome"] = "failed";
    }
    element.dataset["chatSource"] = this.source;
  }
}
