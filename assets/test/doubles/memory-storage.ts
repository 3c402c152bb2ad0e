/** A tab's storage, which can also be full or forbidden. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  writes = 0;
  fault: Error | null = null;

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
    this.writes += 1;
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
