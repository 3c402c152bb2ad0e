/** A link's text is the answer's, and may name another place than the link leads to. */

/** Characters that turn the direction of what follows them (Unicode Standard Annex 9, sections 2.1 to 2.5). */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
/** Characters that are not seen, or hardly, and could stand beside a dot. */
const UNSEEN = /[\p{Cf}\p{Mn}\p{Default_Ignorable_Code_Point}\u2000-\u200a\u202f\u205f]/gu;
/** What browsers take for a dot in a host (Unicode Technical Standard 46, section 4), and what looks like one. */
const DOTS = /[\u3002\uff0e\uff61\ua4f8\u00b7\u0589\u06d4]/g;
/** Something like the name of a host: words with dots between them, not in a path. Not a call, as in `frame.head()`. */
const HOST = /(?<![\p{L}\p{N}-]|[\p{L}\p{N}]\/)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?![\p{L}\p{N}]|\(\))/giu;
/** What follows a scheme, and what consists of numbers, is a host in any case. */
const AFTER_SCHEME = /(?<=:\/\/)[^\s/?#]+/g;
const NUMBERS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;
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
  const isMail = url.protocol === "mailto:";
  const hosts = isMail ? mailHosts(url) : [url.hostname];
  const hidden = hosts.join(", ");
  if (text.length > LONGEST) {
    return hidden;
  }
  const seen = text.replace(DOTS, ".").normalize("NFKC");
  const plain = text.replace(UNSEEN, "").replace(DOTS, ".").normalize("NFKC");
  const place = isMail ? plain.slice(plain.lastIndexOf("@") + 1) : plain;
  const named = [HOST, AFTER_SCHEME, NUMBERS].flatMap((pattern) => place.match(pattern) ?? []);
  const [host = ""] = hosts;
  const isSaid =
    hosts.length === 1 && plain === seen && !ENCODED.test(host) && named.every((name) => withoutWww(name) === withoutWww(host));
  return named.length === 0 || isSaid ? null : hidden;
}

/** All who get the mail (RFC 6068, section 2), without doubles. */
function mailHosts({ pathname, searchParams }: URL): string[] {
  const names = ["to", "cc", "bcc"];
  const others = [...searchParams].filter(([name]) => names.includes(name.toLowerCase())).map(([, value]) => value);
  const addresses = [pathname.replace(/%2c/gi, ","), ...others].join(",").split(",");
  return [...new Set(addresses.map((address) => address.slice(address.lastIndexOf("@") + 1).trim().toLowerCase()))];
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
function isItself(text: string, address: string, { username, password, hostname }: URL): boolean {
  return username + password === "" && !ENCODED.test(hostname) && (text === address || encodeURI(text) === address);
}

function withoutWww(host: string): string {
  return host.toLowerCase().replace(/^www\./, "");
}
