import type { CodeToken, Tokenizer } from "./tokens.js";

/**
 * Shows a growing code in colours, at a cost that is linear in it: finished lines are read once and their nodes are
 * not touched again, only the open line is read at each update, and of its nodes only those that changed are made anew.
 */
export class HighlightedText {
  readonly #element: Element;
  readonly #tokenizer: Tokenizer;
  #finished = "";
  #state: unknown;
  #open: { readonly token: CodeToken; readonly node: ChildNode }[] = [];

  constructor(element: Element, tokenizer: Tokenizer) {
    this.#element = element;
    this.#tokenizer = tokenizer;
    this.#restart();
  }

  update(text: string): void {
    if (!text.startsWith(this.#finished)) {
      this.#restart();
    }
    let start = this.#finished.length;
    for (let end = text.indexOf("\n", start); end !== -1; end = text.indexOf("\n", start)) {
      const tokens = this.#tokenizer.line(text.slice(start, end), this.#state);
      this.#showOpen([...tokens, { kind: "", text: "\n" }]);
      this.#open = [];
      start = end + 1;
    }
    this.#finished = text.slice(0, start);
    this.#showOpen(this.#tokenizer.line(text.slice(start), this.#tokenizer.copy(this.#state)));
  }

  #restart(): void {
    this.#element.textContent = "";
    this.#finished = "";
    this.#state = this.#tokenizer.start();
    this.#open = [];
  }

  #showOpen(tokens: readonly CodeToken[]): void {
    let same = 0;
    while (same < this.#open.length && isSame(this.#open[same]!.token, tokens[same])) {
      same += 1;
    }
    this.#open.splice(same).forEach(({ node }) => node.remove());
    for (const token of tokens.slice(same)) {
      const node = this.#createNode(token);
      this.#element.append(node);
      this.#open.push({ token, node });
    }
  }

  #createNode({ kind, text }: CodeToken): ChildNode {
    const document = this.#element.ownerDocument;
    if (kind === "") {
      return document.createTextNode(text);
    }
    const span = document.createElement("span");
    span.className = `chat-token-${kind}`;
    span.textContent = text;
    return span;
  }
}

function isSame(one: CodeToken, other: CodeToken | undefined): boolean {
  return one.kind === other?.kind && one.text === other.text;
}
