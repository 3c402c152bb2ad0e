/** Where an answer may lead to, and from where it may show images. */
export interface AddressPolicy {
  link(address: string): LinkKind;
  allowsImage(address: string): boolean;
}

/** Another site or a mail, a page of the dashboard itself, a place in the answer, or nothing that may be followed. */
export type LinkKind = "external" | "internal" | "note" | "none";

/** What ids of footnotes begin with, and no other id in the page. */
export const NOTE_PREFIX = "vizro-ws-chat-note-";

const WEB = new Set(["http:", "https:"]);
const EXTERNAL = new Set([...WEB, "mailto:"]);
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** No SVG: it is a document that may refer to others. */
const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp|avif)[;,]/i;

/** Decides for a page, as a browser would resolve what an answer says. */
export class PageAddressPolicy implements AddressPolicy {
  readonly #page: URL;
  readonly #imageOrigins: ReadonlySet<string>;

  constructor(page: string, imageOrigins: readonly string[]) {
    this.#page = new URL(page);
    this.#imageOrigins = new Set([this.#page.origin, ...imageOrigins.map((origin) => new URL(origin).origin)]);
  }

  link(address: string): LinkKind {
    if (address.startsWith(`#${NOTE_PREFIX}`)) {
      return "note";
    }
    const url = this.#resolve(address);
    if (!url) {
      return "none";
    }
    if (SCHEME.test(address)) {
      return EXTERNAL.has(url.protocol) ? "external" : "none";
    }
    return url.origin === this.#page.origin && !address.startsWith("//") ? "internal" : "none";
  }

  allowsImage(address: string): boolean {
    const url = this.#resolve(address);
    if (!url) {
      return false;
    }
    return url.protocol === "data:" ? IMAGE_DATA.test(url.href) : WEB.has(url.protocol) && this.#imageOrigins.has(url.origin);
  }

  #resolve(address: string): URL | null {
    try {
      return new URL(address, this.#page);
    } catch {
      return null;
    }
  }
}
