/** A tab's storage, which can also be full or forbidden. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  /** What was written, key and value. */
  readonly log: [string, string][] = [];
  fault: Error | null = null;
  /** How many characters there is room for, in keys and values. */
  quota = Infinity;

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    this.#check();
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#check();
    const others = [...this.#items].filter(([name]) => name !== key);
    if ([...others, [key, value]].flat().join("").length > this.quota) {
      throw new Error("The quota has been exceeded.");
    }
    this.log.push([key, value]);
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  #check(): void {
    if (this.fault) {
      throw this.fault;
    }
  }
}
