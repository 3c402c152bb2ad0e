/** The files of something that is dropped or pasted. */

/** Whether files are dragged; what they are, the browser tells only when they are dropped. */
export function bringsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}

/** The names of folders: they look like files, but can't be read. */
export function foldersOf(transfer: DataTransfer | null): string[] {
  return [...(transfer?.items ?? [])].flatMap((item) => {
    const entry = item.kind === "file" ? item.webkitGetAsEntry?.() : null;
    return entry?.isDirectory ? [entry.name] : [];
  });
}

/** Those that can be uploaded. */
export function filesOf(transfer: DataTransfer | null): File[] {
  const folders = new Set(foldersOf(transfer));
  return [...(transfer?.files ?? [])].filter(({ name }) => !folders.has(name));
}

/** Those that are pasted, unless they are only the picture that office programs add to a copied text. */
export function pastedFiles(clipboard: DataTransfer | null): File[] {
  const types = clipboard?.types ?? [];
  const isText = types.includes("text/plain") && (types.includes("text/html") || types.includes("text/rtf"));
  return isText ? [] : filesOf(clipboard);
}
