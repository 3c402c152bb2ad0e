import { createParser } from "eventsource-parser";
import type { Cancel, Clock } from "../clock";
import { decode, encode } from "../protocol/codec";
import type { ClientFrame, ServerFrame } from "../protocol/frames";
import { FIRST_MESSAGE_TIMEOUT_MS, type Session, type Transport, type TransportEvents } from "./types";

export interface SseTransportOptions {
  /** The path prefix of `stream` and `command`. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

interface Stream {
  readonly abort: AbortController;
  complete: boolean;
}

const HEADERS = { "Content-Type": "application/json", "X-Vizro-WS-Chat": "1" };

/**
 * Talks by HTTP: answers come as the Server-Sent Events of a POST, Stop goes by a POST of its own.
 *
 * A stream exists only while there is something to read. Being open without one is the normal state at rest. A new stream
 * replaces the one before: its hello names all runs to be read, so nothing is lost.
 */
export class SseTransport implements Transport {
  readonly #options: SseTransportOptions;
  readonly #session: Session;
  readonly #events: TransportEvents;
  /** Aborted when the transport ends, for requests that are not the stream. */
  readonly #life = new AbortController();
  #stream: Stream | null = null;
  #cancelDeadline: Cancel = () => {};

  constructor(options: SseTransportOptions, session: Session, events: TransportEvents) {
    this.#options = options;
    this.#session = session;
    this.#events = events;
  }

  get listening(): boolean {
    return this.#stream !== null;
  }

  open(): void {
    this.#events.opened();
    // What was sent just now has brought the runs to be read along.
    if (!this.#stream && this.#session.hello().resume.length > 0) {
      this.resume();
    }
  }

  send(frames: readonly ClientFrame[]): void {
    const forStream = frames.filter((frame) => frame.type === "send" || frame.type === "history");
    if (forStream.length > 0) {
      void this.#startStream(forStream);
    }
    // A ping would say nothing about the stream, which has its own keep-alive.
    const commands = frames.filter((frame) => frame.type === "cancel");
    if (commands.length > 0) {
      void this.#command(commands);
    }
  }

  resume(): void {
    void this.#startStream([]);
  }

  close(): void {
    this.#life.abort();
    this.#stream?.abort.abort();
    this.#stream = null;
    this.#cancelDeadline();
  }

  async #startStream(frames: readonly ClientFrame[]): Promise<void> {
    this.#stream?.abort.abort();
    this.#cancelDeadline();
    const stream: Stream = { abort: new AbortController(), complete: false };
    this.#stream = stream;
    this.#cancelDeadline = this.#options.clock.after(FIRST_MESSAGE_TIMEOUT_MS, () => this.#fail());
    this.#events.heard();
    for await (const message of this.#messages(stream, [this.#session.hello(), ...frames])) {
      if (this.#stream !== stream) {
        return;
      }
      this.#cancelDeadline();
      this.#events.received(message);
    }
    if (this.#stream === stream) {
      this.#stream = null;
      this.#cancelDeadline();
      if (!stream.complete || this.#session.expecting()) {
        this.#fail();
      }
    }
  }

  /** Ends for whatever reason; `complete` tells whether it was the end that the server gave it. */
  async *#messages(stream: Stream, frames: readonly ClientFrame[]): AsyncGenerator<readonly ServerFrame[]> {
    try {
      const response = await this.#post("stream", frames, stream.abort.signal);
      if (!response.ok || !response.body) {
        yield decode(await response.text());
        return;
      }
      const events: string[] = [];
      const parser = createParser({ onEvent: (event) => events.push(event.data) });
      const text = new TextDecoder();
      const reader = response.body.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        if (this.#stream === stream) {
          this.#events.heard();
        }
        parser.feed(text.decode(chunk.value, { stream: true }));
        for (const data of events.splice(0)) {
          yield decode(data);
        }
      }
      stream.complete = true;
    } catch {
      // The network, a proxy's page instead of our server's answer, or our own abort: not complete in any case.
    }
  }

  async #command(frames: readonly ClientFrame[]): Promise<void> {
    const { signal } = this.#life;
    let answer: readonly ServerFrame[] | null = null;
    try {
      const response = await this.#post("command", [{ ...this.#session.hello(), resume: [] }, ...frames], signal);
      answer = decode(await response.text());
    } catch {
      // As for a stream.
    }
    if (signal.aborted) {
      return;
    }
    if (answer) {
      this.#events.received(answer);
    } else {
      this.#fail();
    }
  }

  #post(path: string, frames: readonly ClientFrame[], signal: AbortSignal): Promise<Response> {
    const { fetch, base } = this.#options;
    return fetch(base + path, { method: "POST", headers: HEADERS, body: encode(frames), signal });
  }

  #fail(): void {
    this.close();
    this.#events.closed();
  }
}
