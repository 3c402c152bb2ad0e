/** An element that the page has made for the chat, in Python. */
export function part(root: HTMLElement, name: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(`[data-chat-part="${name}"]`);
  if (!element) {
    throw new Error(`The chat has no element with data-chat-part="${name}".`);
  }
  return element;
}
