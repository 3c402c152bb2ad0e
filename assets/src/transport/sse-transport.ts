import { createParser } from "eventsource-parser";
import type { Cancel, Clock } from "../clock";
import { decode, encode } from "../protocol/codec";
import type { AnswerFrame, ClientFrame, HistoryFrame, RefusedFrame, SendFrame, ServerFrame } from "../protocol/frames";
import { FIRST_MESSAGE_TIMEOUT_MS, type Session, type Transport, type TransportEvents } from "./types";

export interface SseTransportOptions {
  /** The path prefix of `stream` and `command`. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** What goes by a stream and is answered by it. */
type Upload = SendFrame | HistoryFrame | AnswerFrame;

interface Stream {
  readonly abort: AbortController;
  /** Its request carries more than a greeting. */
  readonly uploads: boolean;
  /** The server has answered. */
  begun: boolean;
  complete: boolean;
}

/** What a proxy that takes only small requests answers with; our server says more. */
const CONTENT_TOO_LARGE = 413;
const TOO_LARGE = "This conversation has become too long to be continued.";

/** The slowest network that a long history is sent over, in bytes per millisecond. */
const SLOWEST_UPLOAD = 8;

/** How long the answer to a command may take. */
const COMMAND_TIMEOUT_MS = 10_000;

/** What an upload is answered with. */
const ANSWERS: ReadonlySet<ServerFrame["type"]> = new Set(["accepted", "need-history", "refused", "text-splice"]);

const HEADERS = { "Content-Type": "application/json", "X-Vizro-WS-Chat": "1" };

/**
 * Talks by HTTP: answers come as the Server-Sent Events of a POST, Stop, deliveries and feedback go by a POST of their own.
 *
 * A stream exists only while there is something to read. Being open without one is the normal state at rest. A new stream
 * replaces the one before: its hello names all runs to be read, and what was sent and not answered goes along, so
 * nothing is lost.
 */
export class SseTransport implements Transport {
  readonly tried = true;
  /** A ping would say nothing about the stream, which has its own keep-alive. */
  readonly answersPings = false;
  /** A request does not tell. */
  readonly unsentBytes = 0;
  readonly #options: SseTransportOptions;
  readonly #session: Session;
  readonly #events: TransportEvents;
  /** Aborted when the transport ends, for requests that are not the stream. */
  readonly #life = new AbortController();
  #stream: Stream | null = null;
  #unanswered: readonly Upload[] = [];
  #cancelDeadline: Cancel = () => {};

  constructor(options: SseTransportOptions, session: Session, events: TransportEvents) {
    this.#options = options;
    this.#session = session;
    this.#events = events;
  }

  get listening(): boolean {
    return this.#stream !== null && (this.#stream.begun || !this.#stream.uploads);
  }

  open(): void {
    this.#events.opened();
    // What was sent just now has brought the runs to be read along.
    if (!this.#stream && this.#session.hello().resume.length > 0) {
      this.resume();
    }
  }

  send(frames: readonly ClientFrame[]): void {
    const rated = new Set(frames.flatMap((frame) => (frame.type === "feedback" ? [frame.run] : [])));
    const forStream = frames.filter(
      (frame): frame is Upload =>
        frame.type === "send" || frame.type === "answer" || (frame.type === "history" && !rated.has(frame.run)),
    );
    if (forStream.length > 0) {
      void this.#startStream(forStream);
    }
    const cancels = frames.filter((frame) => frame.type === "cancel");
    const deliveries = frames.filter((frame) => frame.type === "deliver");
    // For itself: the author's code may take its time to answer it.
    const feedback = frames.filter(
      (frame) => frame.type === "feedback" || (frame.type === "history" && rated.has(frame.run)),
    );
    for (const commands of [cancels, deliveries, feedback]) {
      if (commands.length > 0) {
        void this.#command(commands);
      }
    }
  }

  resume(): void {
    void this.#startStream([]);
  }

  /** A stream can't be asked anything, but a new one will tell. One that is new itself does so anyway. */
  probe(): void {
    if (this.#stream?.begun) {
      this.resume();
    }
  }

  close(): void {
    this.#life.abort();
    this.#stream?.abort.abort();
    this.#stream = null;
    this.#cancelDeadline();
  }

  async #startStream(added: readonly Upload[]): Promise<void> {
    this.#stream?.abort.abort();
    this.#cancelDeadline();
    this.#settle(added);
    const frames = [...this.#unanswered, ...added];
    this.#unanswered = frames;
    const stream: Stream = { abort: new AbortController(), uploads: frames.length > 0, begun: false, complete: false };
    this.#stream = stream;
    const body = encode([this.#session.hello(), ...frames]);
    this.#expectMessage(FIRST_MESSAGE_TIMEOUT_MS + body.length / SLOWEST_UPLOAD);
    this.#events.heard();
    for await (const message of this.#messages(stream, frames, body)) {
      if (this.#stream !== stream) {
        return;
      }
      this.#cancelDeadline();
      this.#settle(message.filter(({ type }) => ANSWERS.has(type)));
      stream.begun = true;
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

  /** What these say of their runs makes up for what was sent of them before. */
  #settle(frames: readonly (ServerFrame | Upload)[]): void {
    const runs = new Set(frames.map((frame) => ("run" in frame ? frame.run : undefined)));
    this.#unanswered = this.#unanswered.filter(({ run }) => !runs.has(run));
  }

  #expectMessage(withinMs: number): void {
    this.#cancelDeadline();
    this.#cancelDeadline = this.#options.clock.after(withinMs, () => this.#fail());
  }

  /** Ends for whatever reason; `complete` tells whether it was the end that the server gave it. */
  async *#messages(stream: Stream, frames: readonly Upload[], body: string): AsyncGenerator<readonly ServerFrame[]> {
    try {
      const response = await this.#post("stream", body, stream.abort.signal);
      if (!response.ok || !response.body) {
        yield readRefusal(response.status, await response.text(), frames);
        return;
      }
      const events: string[] = [];
      const parser = createParser({ onEvent: (event) => events.push(event.data) });
      const text = new TextDecoder();
      const reader = response.body.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        if (this.#stream === stream) {
          this.#events.heard();
          if (!stream.begun) {
            // A long first message is on its way.
            this.#expectMessage(FIRST_MESSAGE_TIMEOUT_MS);
          }
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
    const body = encode([{ ...this.#session.hello(), resume: [] }, ...frames]);
    const timeoutMs = COMMAND_TIMEOUT_MS + body.length / SLOWEST_UPLOAD;
    const cancelDeadline = this.#options.clock.after(timeoutMs, () => this.#fail());
    signal.addEventListener("abort", cancelDeadline, { once: true });
    let answer: readonly ServerFrame[] = [];
    let done = false;
    try {
      const response = await this.#post("command", body, signal);
      answer = decode(await response.text());
      done = response.ok && !answer.some((frame) => frame.type === "refused" && !isOfOne(frame, frames));
    } catch {
      // As for a stream.
    }
    cancelDeadline();
    if (signal.aborted) {
      return;
    }
    if (done) {
      this.#events.delivered(frames);
    }
    if (answer.length > 0) {
      this.#events.heard();
      this.#events.received(answer);
    }
    if (!done && !signal.aborted) {
      this.#fail();
    }
  }

  #post(path: string, body: string, signal: AbortSignal): Promise<Response> {
    const { fetch, base } = this.#options;
    return fetch(base + path, { method: "POST", headers: HEADERS, body, signal });
  }

  #fail(): void {
    this.close();
    this.#events.closed();
  }
}

/** Feedback or a delivery that is refused was heard all the same. */
function isOfOne({ run, delivery }: RefusedFrame, frames: readonly ClientFrame[]): boolean {
  return delivery !== undefined || frames.some((frame) => frame.type === "feedback" && frame.run === run);
}

/** @throws ProtocolError when somebody else than our server has answered, for a reason that may pass. */
function readRefusal(status: number, body: string, sent: readonly Upload[]): readonly ServerFrame[] {
  try {
    return decode(body);
  } catch (error) {
    if (status !== CONTENT_TOO_LARGE) {
      throw error;
    }
    const runs = new Set(sent.map(({ run }) => run));
    return [...runs].map((run) => ({ type: "refused", code: "too-large", text: TOO_LARGE, run }));
  }
}
