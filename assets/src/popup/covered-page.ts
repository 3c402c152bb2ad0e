/** Where Mantine's and Radix' components put what lies above the page. */
const PORTALS = "[data-portal], [data-mantine-shared-portal-node], [data-radix-popper-content-wrapper]";

/** What lies behind a panel that covers the whole screen: out of reach, by keyboard and for screen readers too. */
export class CoveredPage {
  readonly #panel: Element;
  #covered: Element[] = [];

  constructor(panel: Element) {
    this.#panel = panel;
  }

  /**
   * Makes all but the panel inert, and what components show above the page, such as the options of a dropdown. What was
   * inert before stays so when it is uncovered.
   */
  cover(): void {
    if (this.#covered.length > 0) {
      return;
    }
    const { body } = this.#panel.ownerDocument;
    for (let inside = this.#panel; inside !== body && inside.parentElement; inside = inside.parentElement) {
      const others = [...inside.parentElement.children].filter((other) => other !== inside);
      this.#covered.push(...others.filter((other) => !other.hasAttribute("inert") && !other.matches(PORTALS)));
    }
    this.#covered.forEach((element) => element.setAttribute("inert", ""));
  }

  uncover(): void {
    this.#covered.forEach((element) => element.removeAttribute("inert"));
    this.#covered = [];
  }
}
