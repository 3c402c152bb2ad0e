import type { Cancel } from "./clock";

/** What can be kept while its page is away. */
export interface Kept {
  save(): void;
  /** Begins again from what was saved last, by this document or by another one of the tab. */
  restore(): void;
}

/** Saves whenever the page is left or hidden: a browser may end a hidden page without another word. */
export function keepOver(window: Window, kept: Kept): Cancel {
  const { document } = window;
  const heard: readonly [EventTarget, string, (event: Event) => void][] = [
    [window, "pagehide", () => kept.save()],
    [document, "visibilitychange", () => document.visibilityState === "hidden" && kept.save()],
    // The tab may have shown the same chat in another document since this one was put to sleep.
    [window, "pageshow", (event) => (event as PageTransitionEvent).persisted && kept.restore()],
  ];
  heard.forEach(([target, type, listener]) => target.addEventListener(type, listener));
  return () => heard.forEach(([target, type, listener]) => target.removeEventListener(type, listener));
}
