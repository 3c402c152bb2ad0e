/** Where the server has a file that was attached in a chat. */
export function fileUrl(base: string, chat: string, id: string): string {
  return `${base}upload/${encodeURIComponent(id)}?chat=${encodeURIComponent(chat)}`;
}

const NOT_FOUND = 404;

/** Whether the server says that it no longer has a file. Without an answer nothing is known. */
export async function isFileGone(fetch: typeof window.fetch, url: string): Promise<boolean> {
  try {
    return (await fetch(url, { method: "HEAD" })).status === NOT_FOUND;
  } catch {
    return false;
  }
}
