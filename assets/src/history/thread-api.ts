import type { Cancel, Clock } from "../clock";
import { decode } from "../protocol/codec";
import type { RefusedFrame } from "../protocol/frames";
import { readPage, readSummary, readThread, type KeptThread, type ThreadPage, type ThreadSummary } from "./kept-thread";

/** The server did not do what it was asked about conversations. */
export class ThreadError extends Error {
  /** What the server says of it; null when it was away, or says nothing that is of use to a reader. */
  readonly sentence: string | null;
  /** The conversation does not exist. */
  readonly isGone: boolean;

  constructor(sentence: string | null, isGone: boolean) {
    super(sentence ?? "The server did not answer.");
    this.sentence = sentence;
    this.isGone = isGone;
  }
}

export interface ThreadApiOptions {
  /** The path prefix of `threads`. */
  readonly base: string;
  readonly chat: string;
  readonly fetch: typeof window.fetch;
  readonly clock: Clock;
}

/** A server that has not answered by then is away. */
const ANSWER_MS = 30_000;

/** What forms and images of other sites can't send. */
const OURS = { "X-Vizro-WS-Chat": "1" };
/** Who may not read conversations is told why by the server. */
const TOLD: ReadonlySet<number> = new Set([401, 403]);
const GONE = "unknown-thread";

/**
 * The conversations that the server keeps. Each method throws a {@link ThreadError} when it can't do what it is asked, and
 * the browser's own `AbortError` when it was told not to.
 */
export class ThreadApi {
  readonly #options: ThreadApiOptions;

  constructor(options: ThreadApiOptions) {
    this.#options = options;
  }

  /** @param before what the page before has called its `next`. */
  async list(search: string, before: string | null, signal: AbortSignal): Promise<ThreadPage> {
    const query = { ...(search !== "" && { search }), ...(before !== null && { before }) };
    return readPage(await this.#json("", query, { signal }));
  }

  async read(thread: string, signal: AbortSignal): Promise<KeptThread> {
    return readThread(await this.#json(thread, {}, { signal }));
  }

  async rename(thread: string, title: string): Promise<ThreadSummary> {
    const headers = { ...OURS, "Content-Type": "application/json" };
    return readSummary(await this.#json(thread, {}, { method: "PATCH", headers, body: JSON.stringify({ title }) }));
  }

  async remove(thread: string): Promise<void> {
    await this.#request(thread, {}, { method: "DELETE", headers: OURS });
  }

  async #json(thread: string, query: Readonly<Record<string, string>>, init: RequestInit): Promise<unknown> {
    const response = await this.#request(thread, query, init);
    return await this.#heard(response.json(), init.signal);
  }

  async #request(thread: string, query: Readonly<Record<string, string>>, init: RequestInit): Promise<Response> {
    const { base, chat, fetch } = this.#options;
    const path = thread === "" ? "threads" : `threads/${encodeURIComponent(thread)}`;
    const parameters = new URLSearchParams({ chat, ...query });
    const response = await this.#heard(fetch(`${base}${path}?${parameters}`, init), init.signal);
    if (!response.ok) {
      const refused = refusal(await this.#heard(response.text(), init.signal));
      throw new ThreadError(TOLD.has(response.status) ? (refused?.text ?? null) : null, refused?.code === GONE);
    }
    return response;
  }

  /** A connection that fails, or a proxy's page in place of JSON, is a server that is away; so is one that is silent. */
  async #heard<T>(answer: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
    let cancel: Cancel = () => {};
    const silence = new Promise<never>((_, reject) => {
      cancel = this.#options.clock.after(ANSWER_MS, () => reject(new ThreadError(null, false)));
    });
    try {
      return await Promise.race([answer, silence]);
    } catch (error) {
      throw signal?.aborted ? error : new ThreadError(null, false);
    } finally {
      cancel();
    }
  }
}

function refusal(body: string): RefusedFrame | undefined {
  try {
    return decode(body).find((frame) => frame.type === "refused");
  } catch {
    return undefined;
  }
}
