import type { BundleUser, LazyBundle } from "../lazy/lazy-bundle.js";
import type { SlicedWork } from "../lazy/sliced-work.js";
import type { BlockView } from "../markdown/block-view.js";
import { CopyButton, type CopyTools } from "../view/copy-button.js";
import { createElement } from "../view/element.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import type { ScrollRegions } from "../view/scroll-regions.js";
import { HighlightedText } from "./highlighted-text.js";
import { setText } from "../markdown/node-patch.js";
import type { Highlighter } from "./tokens.js";

export interface CodeTools {
  readonly document: Document;
  readonly copy: CopyTools;
  readonly regions: Pick<ScrollRegions, "watch">;
  readonly highlighter: LazyBundle<Highlighter>;
  readonly work: SlicedWork;
}

/** Languages that are no language: nothing has to be loaded to show them. */
const PLAIN: ReadonlySet<string> = new Set(["", "text", "txt", "plain", "plaintext", "output", "none"]);

/** A code block with its language, a button that copies it, one that wraps its lines, and colours once they are there. */
export class CodeBlock implements BlockView, BundleUser {
  readonly element: HTMLElement;
  /** Holds the buttons. */
  readonly header: HTMLElement;
  readonly body: HTMLElement;
  readonly #language: string;
  readonly #tools: CodeTools;
  readonly #code: HTMLElement;
  readonly #plain: Text;
  #text = "";
  #colours: HighlightedText | null = null;
  #asked = false;

  constructor(language: string, tools: CodeTools) {
    const { document } = tools;
    this.#language = language;
    this.#tools = tools;
    this.element = createElement(document, "div", "chat-code");
    this.header = this.#createHeader();
    this.body = createElement(document, "pre", "chat-code-body");
    this.#code = createElement(document, "code", language === "" ? "" : `language-${language}`);
    this.#plain = document.createTextNode("");
    this.#code.append(this.#plain);
    this.body.append(this.#code);
    this.element.append(this.header, this.body);
    tools.regions.watch(this.body, this.#code, labels.code(language));
  }

  get text(): string {
    return this.#text;
  }

  update(text: string): void {
    this.#text = text;
    if (this.#colours) {
      this.#colours.update(text);
      return;
    }
    setText(this.#plain, text);
    if (!this.#asked && text !== "" && !PLAIN.has(this.#language.toLowerCase())) {
      this.#asked = true;
      if (this.#tools.highlighter.use(this)) {
        this.#tools.work.do(() => this.bundleLoaded());
      }
    }
  }

  bundleLoaded(): void {
    const tokenizer = this.#tools.highlighter.use(this)?.tokenizer(this.#language);
    if (tokenizer) {
      this.#colours = new HighlightedText(this.#code, tokenizer);
      this.#colours.update(this.#text);
    }
  }

  #createHeader(): HTMLElement {
    const { document, copy } = this.#tools;
    const header = createElement(document, "div", "chat-code-header");
    // What changes here is said by the announcer, not by the transcript around.
    header.setAttribute("aria-live", "off");
    const wrap = createElement(document, "button", "chat-tool-button chat-wrap-button");
    wrap.type = "button";
    wrap.title = labels.wrapLines;
    wrap.setAttribute("aria-label", labels.wrapLines);
    wrap.setAttribute("aria-pressed", "false");
    wrap.append(createIcon(document, "wrap"));
    wrap.addEventListener("click", () => {
      const isWrapped = this.element.toggleAttribute("data-wrapped");
      wrap.setAttribute("aria-pressed", String(isWrapped));
    });
    const copyButton = new CopyButton({
      document,
      tools: copy,
      label: labels.copyCode,
      caption: labels.copy,
      text: () => this.#text.replace(/\n$/, ""),
    });
    header.append(createElement(document, "span", "chat-code-language", this.#language), wrap, copyButton.element);
    return header;
  }
}
