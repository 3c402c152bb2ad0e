/** What the server gives back to be looked at, and not only to be saved. */
const PICTURES: ReadonlySet<string> = new Set(["image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"]);

export function isPicture(type: string): boolean {
  return PICTURES.has(type);
}
