/** Loads files that lie beside the chat's own script. */
export class BundleFiles {
  readonly #window: Window;
  readonly #script: string;
  readonly #files: Readonly<Record<string, string>>;

  /**
   * @param script the address of the chat's own script.
   * @param files the fingerprinted names, by the plain ones.
   */
  constructor(window: Window, script: string, files: Readonly<Record<string, string>>) {
    this.#window = window;
    this.#script = script;
    this.#files = files;
  }

  /** The address of a file. Each attempt has another, since browsers remember what could not be loaded. */
  url(name: string, attempt: number): string {
    const url = new URL(this.#files[name] ?? name, this.#script);
    if (attempt > 1) {
      url.searchParams.set("attempt", String(attempt));
    }
    return url.href;
  }

  module<T>(name: string, attempt: number): Promise<T> {
    return import(this.url(name, attempt)) as Promise<T>;
  }

  styleSheet(name: string, attempt: number): Promise<void> {
    const { document } = this.#window;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = this.url(name, attempt);
    return new Promise((resolve, reject) => {
      link.addEventListener("load", () => resolve());
      link.addEventListener("error", () => {
        link.remove();
        reject(new Error(`${link.href} did not come.`));
      });
      document.head.append(link);
    });
  }
}
