import createDOMPurify, { type Config, type DOMPurify, type WindowLike } from "dompurify";

const CONFIG: Config = {
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "#text",
  ],
  ALLOWED_ATTR: ["class", "data-align", "href", "rel", "start", "target", "title"],
  ADD_URI_SAFE_ATTR: ["data-align", "rel", "start", "target"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

export interface FragmentSource {
  fragment(html: string): DocumentFragment;
}

/** Turns HTML into nodes that can only be what Markdown can say, whatever the parser before it let through. */
export class Sanitizer implements FragmentSource {
  readonly #purify: DOMPurify;

  constructor(window: WindowLike) {
    // An instance of our own: hooks and configuration of the page's DOMPurify, if any, are not ours to share.
    this.#purify = createDOMPurify(window);
    this.#purify.setConfig(CONFIG);
  }

  fragment(html: string): DocumentFragment {
    return this.#purify.sanitize(html, { RETURN_DOM_FRAGMENT: true });
  }
}
