/**
 * The absolute URL of one attempt.
 *
 * @param attempt different for each attempt of the page: the component opens a socket only when its URL changes, and
 *   the tap tells sockets apart by their URL.
 */
export function socketUrl(page: string, base: string, chat: string, attempt: number): string {
  const url = new URL(`${base}ws`, page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("chat", chat);
  url.searchParams.set("attempt", String(attempt));
  return url.href;
}
