/** Holds objects without keeping them: whoever leaves the page must not stay for being on a list. */
export class WeakList<T extends object> {
  #references: WeakRef<T>[] = [];

  add(item: T): void {
    this.#references.push(new WeakRef(item));
  }

  forEach(call: (item: T) => void): void {
    this.#references = this.#references.filter((reference) => reference.deref() !== undefined);
    for (const reference of [...this.#references]) {
      const item = reference.deref();
      if (item) {
        call(item);
      }
    }
  }

  clear(): void {
    this.#references = [];
  }
}
