/** Keeps what is typed and not sent over reloads and page changes, in the tab's session storage. */
export class Draft {
  readonly #storage: () => Storage;
  readonly #key: string;

  /** @param storage looked up at each use, because reading `window.sessionStorage` itself may throw. */
  constructor(storage: () => Storage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  load(): string {
    try {
      return this.#storage().getItem(this.#key) ?? "";
    } catch {
      return "";
    }
  }

  save(text: string): void {
    try {
      if (text === "") {
        this.#storage().removeItem(this.#key);
      } else {
        this.#storage().setItem(this.#key, text);
      }
    } catch {
      // Full or forbidden: the draft lasts as long as its page.
    }
  }
}
