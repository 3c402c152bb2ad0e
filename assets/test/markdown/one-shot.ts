import type { DOMWindow } from "jsdom";
import { createEnv, createParser } from "../../src/markdown/parser.js";
import { withoutUndecidedLine } from "../../src/markdown/provisional.js";
import type { Widgets } from "../../src/markdown/widgets.js";
import { Sanitizer, type FragmentSource } from "../../src/markdown/sanitizer.js";
import { emptyNotes } from "../../src/markdown/syntax/footnotes.js";
import { policy } from "./policy.js";

/** The real sanitiser, remembering its answers: jsdom takes its time, and the tests ask the same again and again. */
export class CachingSanitizer implements FragmentSource {
  readonly #document: Document;
  readonly #sanitizer: Sanitizer;
  readonly #known = new Map<string, DocumentFragment>();

  constructor(window: DOMWindow) {
    this.#document = window.document;
    this.#sanitizer = new Sanitizer(window, policy);
  }

  fragment(html: string): DocumentFragment {
    let fragment = this.#known.get(html);
    if (!fragment) {
      // In one document: jsdom has the first query in each of the sanitiser's own cost more than the one before.
      fragment = this.#document.adoptNode(this.#sanitizer.fragment(html));
      this.#known.set(html, fragment);
    }
    return fragment.cloneNode(true) as DocumentFragment;
  }

  isQuick(): boolean {
    return false;
  }
}

/** The ids of notes in a text, whichever text of the page it is. */
export function withoutPrefix(html: string): string {
  return html.replace(/vizro-ws-chat-note-x-\d+-/g, "note-");
}

/** The plain way: the whole text through the parser, the sanitiser and the widgets, with nothing known before. */
export class OneShot {
  readonly #parser = createParser(policy);
  readonly #sanitizer: FragmentSource;
  readonly #widgets: Widgets;

  constructor(sanitizer: FragmentSource, widgets: Widgets) {
    this.#sanitizer = sanitizer;
    this.#widgets = widgets;
  }

  html(text: string, ended: boolean): string {
    const holder = this.#parsed(text, ended);
    this.#enrich(holder, ended);
    return withoutPrefix(holder.innerHTML);
  }

  /** Without what widgets make of it. */
  plainHtml(text: string): string {
    return withoutPrefix(this.#parsed(text, true).innerHTML);
  }

  #parsed(text: string, ended: boolean): HTMLElement {
    const env = createEnv(!ended, emptyNotes("vizro-ws-chat-note-x-1-"));
    const fragment = this.#sanitizer.fragment(this.#parser.render(ended ? text : withoutUndecidedLine(text), env));
    const holder = fragment.ownerDocument.createElement("div");
    holder.append(fragment);
    return holder;
  }

  #enrich(holder: HTMLElement, ended: boolean): void {
    for (const code of holder.querySelectorAll("pre > code")) {
      const view = this.#widgets.code(code.className.replace("language-", ""));
      view.update(code.textContent, ended);
      code.parentElement!.replaceWith(view.element);
    }
    for (const scroller of holder.querySelectorAll<HTMLElement>(".chat-table-scroll")) {
      const { previousSibling, parentNode } = scroller;
      const { element } = this.#widgets.table(scroller);
      parentNode!.insertBefore(element, previousSibling ? previousSibling.nextSibling : parentNode!.firstChild);
    }
    this.#widgets.typesetIn([holder]);
  }
}
