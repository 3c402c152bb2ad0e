/** What lies behind a panel that covers the whole screen: out of reach, by keyboard and for screen readers too. */
export class CoveredPage {
  readonly #panel: Element;
  #covered: Element[] = [];

  constructor(panel: Element) {
    this.#panel = panel;
  }

  /** Makes all but the panel inert. What was inert before stays so when it is uncovered. */
  cover(): void {
    if (this.#covered.length > 0) {
      return;
    }
    const { body } = this.#panel.ownerDocument;
    for (let inside = this.#panel; inside !== body && inside.parentElement; inside = inside.parentElement) {
      this.#covered.push(...[...inside.parentElement.children].filter((other) => other !== inside && !other.hasAttribute("inert")));
    }
    this.#covered.forEach((element) => element.setAttribute("inert", ""));
  }

  uncover(): void {
    this.#covered.forEach((element) => element.removeAttribute("inert"));
    this.#covered = [];
  }
}
