import { codePoints, wellFormed } from "../well-formed.js";

/** As the server's. */
const MOST_CHARS = 255;
const MOST_SUFFIX_CHARS = 20;

/**
 * A file's name as the server will know it: without what can't be seen, which may turn the text around it, and not too
 * long. The joiners that Persian and emoji need stay.
 */
export function cleanName(name: string): string {
  const visible = wellFormed(name).replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
  if (codePoints(visible) <= MOST_CHARS) {
    return visible;
  }
  const suffix = [...(/\.[^.]+$/.exec(visible)?.[0] ?? "")].slice(0, MOST_SUFFIX_CHARS);
  return [...[...visible].slice(0, MOST_CHARS - suffix.length), ...suffix].join("");
}
