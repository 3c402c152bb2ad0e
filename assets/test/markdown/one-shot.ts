import type { WindowLike } from "dompurify";
import { createParser, type ParseEnv } from "../../src/markdown/parser.js";
import { withoutUndecidedLine } from "../../src/markdown/provisional.js";
import { Sanitizer, type FragmentSource } from "../../src/markdown/sanitizer.js";

/** The real sanitiser, remembering its answers: jsdom takes its time, and the tests ask the same again and again. */
export class CachingSanitizer implements FragmentSource {
  readonly #sanitizer: Sanitizer;
  readonly #known = new Map<string, DocumentFragment>();

  constructor(window: WindowLike) {
    this.#sanitizer = new Sanitizer(window);
  }

  fragment(html: string): DocumentFragment {
    let fragment = this.#known.get(html);
    if (!fragment) {
      fragment = this.#sanitizer.fragment(html);
      this.#known.set(html, fragment);
    }
    return fragment.cloneNode(true) as DocumentFragment;
  }
}

/** The plain way: the whole text through the parser and the sanitiser, with nothing known before. */
export class OneShot {
  readonly #parser = createParser();
  readonly #sanitizer: FragmentSource;

  constructor(sanitizer: FragmentSource) {
    this.#sanitizer = sanitizer;
  }

  html(text: string, ended: boolean): string {
    const env: ParseEnv = { unfinished: !ended };
    const fragment = this.#sanitizer.fragment(this.#parser.render(ended ? text : withoutUndecidedLine(text), env));
    const holder = fragment.ownerDocument.createElement("div");
    holder.append(fragment);
    return holder.innerHTML;
  }
}
