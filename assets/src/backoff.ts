/** The longest wait before each attempt in a row, in milliseconds: at once, then slower and slower. */
const LONGEST_MS = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;

/**
 * How long to wait before an attempt, with full jitter: anywhere up to the longest wait, so that the chats of a
 * server that has restarted do not all come back at the same moment.
 *
 * @param retries how many attempts in a row have been made already.
 * @param random a number in [0, 1).
 */
export function backoffMs(retries: number, random: number): number {
  const longest = LONGEST_MS[Math.min(retries, LONGEST_MS.length - 1)] ?? 0;
  return longest * random;
}
