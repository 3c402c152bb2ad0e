/** Where the server has a file that was attached in a chat. */
export function fileUrl(base: string, chat: string, id: string): string {
  return `${base}upload/${encodeURIComponent(id)}?chat=${encodeURIComponent(chat)}`;
}
