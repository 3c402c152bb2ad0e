/** The bytes of an id: 144 bits, and a multiple of three so that base64 needs no padding. */
const BYTES = 18;

/** An id of a run or a conversation, in base64url. `crypto.randomUUID` does not exist on plain HTTP; `getRandomValues` does. */
export function randomId(crypto: Pick<Crypto, "getRandomValues">): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}
