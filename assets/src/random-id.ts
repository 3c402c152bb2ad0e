/** The bytes of a run id: 144 bits, and a multiple of three so that base64 needs no padding. */
const BYTES = 18;

/** A run id, in base64url. `crypto.randomUUID` does not exist on plain HTTP; `getRandomValues` does. */
export function randomRunId(crypto: Pick<Crypto, "getRandomValues">): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}
