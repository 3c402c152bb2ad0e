/** Hands a text to the browser as a file to be saved. */
export function download(document: Document, name: string, text: string): void {
  const { URL, Blob } = document.defaultView!;
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
