import createDOMPurify, { type Config, type DOMPurify, type WindowLike } from "dompurify";
import { NOTE_PREFIX, type AddressPolicy } from "./address-policy.js";

const CONFIG: Config = {
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "code", "details", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "input",
    "li", "ol", "p", "pre", "s", "section", "span", "strong", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr",
    "ul", "#text",
  ],
  ALLOWED_ATTR: [
    "alt", "aria-label", "checked", "class", "data-align", "dir", "disabled", "href", "id", "loading", "rel", "src",
    "start", "target", "title", "type", "value",
  ],
  ADD_URI_SAFE_ATTR: ["alt", "data-align", "dir", "id", "loading", "rel", "start", "target", "value"],
  // What an address may be is decided below, by the policy.
  ALLOWED_URI_REGEXP: /^/,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

export interface FragmentSource {
  fragment(html: string): DocumentFragment;
  /** Whether this HTML costs little by itself, so that nothing is gained from making it together with other. */
  isQuick(html: string): boolean;
}

/** Turns HTML into nodes that can only be what Markdown can say, whatever the parser before it let through. */
export class Sanitizer implements FragmentSource {
  readonly #purify: DOMPurify;
  readonly #policy: AddressPolicy;

  constructor(window: WindowLike, policy: AddressPolicy) {
    this.#policy = policy;
    // An instance of our own: hooks and configuration of the page's DOMPurify, if any, are not ours to share.
    this.#purify = createDOMPurify(window);
    this.#purify.setConfig(CONFIG);
    this.#purify.addHook("uponSanitizeAttribute", (_element, attribute) => {
      attribute.keepAttr &&= this.#allows(attribute.attrName, attribute.attrValue);
    });
    this.#purify.addHook("afterSanitizeAttributes", (element) => {
      // A task's box is the only field, and nobody fills it in.
      const isForeign = element.localName === "input" && !(element.getAttribute("type") === "checkbox" && element.hasAttribute("disabled"));
      if (isForeign || (element.localName === "img" && !element.hasAttribute("src"))) {
        element.remove();
      }
    });
  }

  fragment(html: string): DocumentFragment {
    return this.#purify.sanitize(html, { RETURN_DOM_FRAGMENT: true });
  }

  isQuick(): boolean {
    return false;
  }

  #allows(name: string, value: string): boolean {
    switch (name) {
      case "href":
        return this.#policy.link(value) !== "none";
      case "src":
        return this.#policy.allowsImage(value);
      case "id":
        return value.startsWith(NOTE_PREFIX);
      default:
        return true;
    }
  }
}
