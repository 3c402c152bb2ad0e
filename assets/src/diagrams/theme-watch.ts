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
  readonly #users = new WeakList<ThemeUser>();
  readonly #observer: MutationObserver;

  constructor(root: HTMLElement, Observer: typeof MutationObserver) {
    this.#root = root;
    this.#observer = new Observer(() => this.#users.forEach((user) => user.themeChanged()));
    this.#observer.observe(root, { attributeFilter: [ATTRIBUTE, ...OTHERS] });
  }

  stop(): void {
    this.#observer.disconnect();
  }

  get isDark(): boolean {
    const theme = this.#root.getAttribute(ATTRIBUTE);
    return (theme ?? this.#root.ownerDocument.defaultView!.getComputedStyle(this.#root).colorScheme) === "dark";
  }

  tell(user: ThemeUser): void {
    this.#users.add(user);
  }
}
