import { WeakList } from "../lazy/weak-list.js";

/** Where Vizro, like Bootstrap, says which theme is shown. */
const ATTRIBUTE = "data-bs-theme";
/** With what else pages switch their theme, which then shows in their color-scheme. */
const OTHERS = ["data-mantine-color-scheme", "class", "style"];

export interface ThemeUser {
  themeChanged(): void;
}

/** Knows the theme of the page, and tells when it is switched. */
export class ThemeWatch {
  readonly #root: HTMLElement;
  readonly #window: Window;
  readonly #users = new WeakList<ThemeUser>();
  readonly #observer: MutationObserver;
  /** What the reader's system prefers, for pages that leave it to that. */
  readonly #system: MediaQueryList;
  readonly #tell = (): void => this.#users.forEach((user) => user.themeChanged());

  constructor(root: HTMLElement, window: Window & typeof globalThis) {
    this.#root = root;
    this.#window = window;
    this.#observer = new window.MutationObserver(this.#tell);
    this.#observer.observe(root, { attributeFilter: [ATTRIBUTE, ...OTHERS] });
    this.#system = window.matchMedia("(prefers-color-scheme: dark)");
    this.#system.addEventListener("change", this.#tell);
  }

  stop(): void {
    this.#observer.disconnect();
    this.#system.removeEventListener("change", this.#tell);
  }

  get isDark(): boolean {
    const theme = this.#root.getAttribute(ATTRIBUTE);
    if (theme !== null) {
      return theme === "dark";
    }
    const schemes = this.#window.getComputedStyle(this.#root).colorScheme.split(" ");
    return schemes.includes("dark") && (this.#system.matches || !schemes.includes("light"));
  }

  tell(user: ThemeUser): void {
    this.#users.add(user);
  }
}
