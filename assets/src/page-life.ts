import type { Cancel } from "./clock";

/** What happens to a page and its network. None of it can be trusted alone: it tells when to look. */
export interface PageEvents {
  /** The browser has found a network again. */
  online(): void;
  /** It has lost its network; a VPN or a server on the same machine may be reached all the same. */
  offline(): void;
  /** The page is shown again, after it may have slept. */
  shown(): void;
}

/** The page around the chats, injected so that tests decide what happens to it. */
export interface PageLife {
  readonly online: boolean;
  listen(events: PageEvents): Cancel;
}

export function browserPage(window: Window): PageLife {
  return {
    get online() {
      return window.navigator.onLine;
    },
    listen: (events) => {
      const { document } = window;
      const heard: readonly [EventTarget, string, (event: Event) => void][] = [
        [window, "online", () => events.online()],
        [window, "offline", () => events.offline()],
        [window, "pageshow", (event) => (event as PageTransitionEvent).persisted && events.shown()],
        [document, "visibilitychange", () => document.visibilityState === "visible" && events.shown()],
      ];
      heard.forEach(([target, type, listener]) => target.addEventListener(type, listener));
      return () => heard.forEach(([target, type, listener]) => target.removeEventListener(type, listener));
    },
  };
}
