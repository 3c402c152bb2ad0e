/** Markdown of what a table's cell shows, so that it reads the same wherever it is put. */
export function cellMarkdown(cell: Element): string {
  const hasDollars = /\$\S(?:.*\S)?\$(?!\d)/s.test(cell.textContent ?? "");
  return childrenMarkdown(cell, hasDollars).trim();
}

/** `hasDollars` tells that a "$" might be read as the mark of a formula. */
function childrenMarkdown(parent: Element, hasDollars: boolean): string {
  return [...parent.childNodes].map((node) => nodeMarkdown(node, hasDollars)).join("");
}

function nodeMarkdown(node: ChildNode, hasDollars: boolean): string {
  if (node.nodeType === node.TEXT_NODE) {
    const text = escapeText(node.textContent ?? "", hasDollars);
    return node.previousSibling?.nodeName === "BR" ? text.trimStart() : text;
  }
  const element = node as HTMLElement;
  const inner = (): string => childrenMarkdown(element, hasDollars);
  if (element.matches(".chat-footnote-reference")) {
    return `[^${element.textContent}]`;
  }
  if (element.matches(".chat-math")) {
    return formula(element);
  }
  switch (element.localName) {
    case "strong":
      return `**${inner()}**`;
    case "em":
      return emphasis(element, inner());
    case "s":
      return `~~${inner()}~~`;
    case "code":
      return code(element.textContent ?? "");
    case "br":
      return "<br>";
    case "img":
      return `!${link(escapeText(element.getAttribute("alt") ?? "", hasDollars), element, "src")}`;
    case "a":
      return anchor(element, inner());
    default:
      return inner();
  }
}

/** Asterisks beside each other would be read as one mark. */
function emphasis(element: Element, text: string): string {
  const isBeside = isEmphasis(element.previousSibling);
  const isAlone = isEmphasis(element.parentNode) && element.parentNode!.childNodes.length === 1;
  const mark = isBeside || isAlone ? "_" : "*";
  return `${mark}${text}${mark}`;
}

function isEmphasis(node: Node | null): boolean {
  return node?.nodeName === "EM" || node?.nodeName === "STRONG";
}

function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  const isPadded = /^`|`$|^ .*[^ ].* $/s.test(text);
  const padding = isPadded ? " " : "";
  return `${mark}${padding}${escapePipes(text)}${padding}${mark}`;
}

function formula(element: HTMLElement): string {
  const mark = element.classList.contains("chat-math-display") ? "$$" : "$";
  return escapePipes(`${mark}${element.dataset["chatSource"] ?? element.textContent}${mark}`);
}

/** An address that is its own text needs no more than brackets. */
function anchor(element: Element, text: string): string {
  const address = element.getAttribute("href") ?? "";
  const words = element.textContent ?? "";
  const isBare = /^(?:https?|mailto):[^\s<>|\\]*$/i.test(address) && [words, `mailto:${words}`].includes(address);
  return isBare ? `<${words}>` : link(text, element, "href");
}

function link(text: string, element: Element, attribute: "href" | "src"): string {
  const address = element.getAttribute(attribute) ?? "";
  const title = element.getAttribute("title");
  const target = /[\s()\\]/.test(address) || address === "" ? `<${address.replace(/[<>\\]/g, "\\$&")}>` : address;
  const words = title === null ? "" : ` "${title.replace(/["\\]/g, "\\$&").replaceAll("\n", " ")}"`;
  return `[${text}](${escapePipes(target + words)})`;
}

/**
 * Escapes what Markdown would take for a mark, and nothing else: it is to be read as it stands, too. Of a pair of
 * brackets not both, which would be the marks of a formula.
 */
function escapeText(text: string, hasDollars: boolean): string {
  const escaped = text
    .replace(/[\\`~|]|\*(?!\s)|(?<=\S)\*|<(?=[\w/])|\](?=[([])|(?<=\[)\^|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replace(/\s*\n\s*/g, " ");
  return hasDollars ? escaped.replaceAll("$", "\\$") : escaped;
}

function escapePipes(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
}
