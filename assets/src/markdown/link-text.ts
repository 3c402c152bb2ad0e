/** A link's text is the answer's, and may name another place than the link leads to. */

/** Characters that turn the direction of what follows them (Unicode Standard Annex 9, sections 2.1 to 2.5). */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
/** Something like the name of a host: words with dots between them. Not a call, as in `frame.head()`. */
const HOST = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?![\p{L}\p{N}(])/iu;
/** The names that other scripts' letters have in addresses (RFC 3492), which may look like any other name. */
const ENCODED = /(?:^|\.)xn--/;

/** Characters. Whatever a text of more says, nobody reads it for a place; to look for one in it would take long. */
const LONGEST = 1_000;

export function withoutTurns(text: string): string {
  return text.replace(TURNS, "");
}

/** Returns the host that a link leads to, when its text names another one or one that may only look the same. */
export function hiddenHost(text: string, address: string): string | null {
  const url = parse(address);
  if (!url || isItself(text, address, url)) {
    return null;
  }
  if (text.length > LONGEST) {
    return url.protocol === "mailto:" ? mailHost(url) : url.hostname;
  }
  const isMail = url.protocol === "mailto:";
  const host = isMail ? mailHost(url) : url.hostname;
  const seen = text.normalize("NFKC");
  const named = HOST.exec(isMail ? seen.slice(seen.lastIndexOf("@") + 1) : seen)?.[0];
  const isSaid = named === undefined || (withoutWww(named) === withoutWww(host) && !ENCODED.test(host));
  return isSaid ? null : host;
}

function mailHost({ pathname }: URL): string {
  return pathname.slice(pathname.lastIndexOf("@") + 1).toLowerCase();
}

/** Returns null for what only a browser makes something of, which then is a place of the page's own host. */
function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** Whether the text is the address, and says what it seems to say: no user before the host, no other script. */
function isItself(text: string, address: string, { username, hostname }: URL): boolean {
  return username === "" && !ENCODED.test(hostname) && (text === address || encodeURI(text) === address);
}

function withoutWww(host: string): string {
  return host.toLowerCase().replace(/^www\./, "");
}
