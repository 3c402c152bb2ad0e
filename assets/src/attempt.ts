/** A connection that ends sooner after its welcome, and has brought nothing, is as good as none. */
const STABLE_MS = 3_000;

/** One that has said nothing for so long hangs, whatever its deadline. */
const HUNG_MS = 2_000;

/** What has become of one attempt to connect. */
export class Attempt {
  /** Frames could be sent. */
  opened = false;
  /** The server has said something that could be read. */
  heard = false;
  readonly #startedAt: number;
  #welcomedAt: number | null = null;
  #fruitful = false;

  constructor(nowMs: number) {
    this.#startedAt = nowMs;
  }

  isHung(nowMs: number): boolean {
    return !this.heard && nowMs - this.#startedAt > HUNG_MS;
  }

  get welcomed(): boolean {
    return this.#welcomedAt !== null;
  }

  /** The server has greeted; once is what counts. */
  welcome(nowMs: number): void {
    this.#welcomedAt ??= nowMs;
  }

  /** It has brought something that the chat was waiting for. */
  bearFruit(): void {
    this.#fruitful = true;
  }

  /**
   * Whether its end is the loss of a connection. Else it is a failure: a server that greets and hangs up must not be
   * asked again and again without a pause.
   */
  wasOfUse(nowMs: number): boolean {
    return this.#welcomedAt !== null && (this.#fruitful || nowMs - this.#welcomedAt >= STABLE_MS);
  }
}
