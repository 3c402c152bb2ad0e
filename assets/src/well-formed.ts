/** Replaces lone surrogates by U+FFFD: UTF-8 cannot carry them. (String.prototype.toWellFormed is from 2023.) */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** The length in code points, as the server counts. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}
