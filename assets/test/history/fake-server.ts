import type { KeptThread, ThreadPage, ThreadSummary } from "../../src/history/kept-thread";
import { ThreadError } from "../../src/history/thread-api";
import { ANSWER, kept, QUESTION } from "./kept";

interface Call {
  readonly asked: string;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly signal: AbortSignal | null;
}

/** A server that answers when the test says so. */
export class FakeServer {
  readonly calls: Call[] = [];

  list(search: string, before: string | null, signal: AbortSignal): Promise<ThreadPage> {
    return this.#ask(`list "${search}" ${before}`, signal);
  }

  read(thread: string, signal: AbortSignal): Promise<KeptThread> {
    return this.#ask(`read ${thread}`, signal);
  }

  rename(thread: string, title: string): Promise<ThreadSummary> {
    return this.#ask(`rename ${thread}: ${title}`, null);
  }

  remove(thread: string): Promise<void> {
    return this.#ask(`remove ${thread}`, null);
  }

  get asked(): string[] {
    return this.calls.map(({ asked }) => asked);
  }

  /** Answers what was asked last, or another call, and lets that be taken in. */
  async answer(value: unknown, call = -1): Promise<void> {
    this.calls.at(call)!.answer(value);
    await turnOfEvents();
  }

  async page(threads: readonly ThreadSummary[], next: string | null = null): Promise<void> {
    await this.answer({ threads, next });
  }

  async thread(id: string): Promise<void> {
    await this.answer({ ...kept(QUESTION, ANSWER), id });
  }

  /** As when the server is away, unless it says something. */
  async fail(sentence: string | null = null, isGone = false): Promise<void> {
    this.calls.at(-1)!.fail(new ThreadError(sentence, isGone));
    await turnOfEvents();
  }

  #ask<T>(asked: string, signal: AbortSignal | null): Promise<T> {
    return new Promise<unknown>((answer, fail) => this.calls.push({ asked, answer, fail, signal })) as Promise<T>;
  }
}

/** Lets all that waits for promises run. */
export function turnOfEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function summary(id: string, updated: number, title = `Title of ${id}`): ThreadSummary {
  return { id, title, updated };
}
