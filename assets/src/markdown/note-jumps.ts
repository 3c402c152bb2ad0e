import { NOTE_PREFIX } from "./address-policy.js";

/**
 * Leads from a footnote's number to the note and back, without changing the page's address: a dashboard may listen to
 * it.
 */
export function followNotes(container: HTMLElement, signal: AbortSignal): void {
  container.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>(`a[href^="#${NOTE_PREFIX}"]`);
      if (!link) {
        return;
      }
      event.preventDefault();
      const target = container.ownerDocument.getElementById(link.getAttribute("href")!.slice(1));
      if (target && container.contains(target)) {
        // A link takes the focus as it is, and has to stay as it is to be kept while the text around it grows.
        if (target.localName !== "a") {
          target.tabIndex = -1;
        }
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: "nearest" });
      }
    },
    { signal },
  );
}
