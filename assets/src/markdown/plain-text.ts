/** What nodes read, with each formula as its source. */
export function plainText(nodes: Node): string {
  const copy = nodes.cloneNode(true) as Element | DocumentFragment;
  for (const formula of copy.querySelectorAll<HTMLElement>("[data-chat-source]")) {
    formula.textContent = withMarks(formula);
  }
  return copy.textContent ?? "";
}

function withMarks(formula: HTMLElement): string {
  const mark = formula.classList.contains("chat-math-display") ? "$$" : "$";
  return `${mark}${formula.dataset["chatSource"]}${mark}`;
}
