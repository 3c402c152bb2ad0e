import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ClientFrame } from "../../src/protocol/frames";
import { SseTransport } from "../../src/transport/sse-transport";
import { FakeClock } from "../doubles/fake-clock";
import { Recorder } from "../doubles/recorder";

const RUN = "b2J4c0V5d1pqUm1uQ2hhdA";
const SEND: ClientFrame = { type: "send", run: RUN, parent: null, text: "Hello" };
const CANCEL: ClientFrame = { type: "cancel", run: RUN };
const HISTORY: ClientFrame = { type: "history", run: RUN, index: 0, count: 1, text: "[]" };
const FEEDBACK = { type: "feedback", run: "a".repeat(22), message: "m", rating: "up", comment: "" } as const;

/** One request, answered by the test. */
class Request {
  readonly path: string;
  readonly headers: unknown;
  readonly frames: ClientFrame[];
  readonly signal: AbortSignal;
  readonly response: Promise<Response>;
  #resolve: (response: Response) => void = () => {};
  #reject: (error: Error) => void = () => {};
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(path: string, init: RequestInit) {
    this.path = path;
    this.headers = init.headers;
    this.frames = JSON.parse(String(init.body)) as ClientFrame[];
    this.signal = init.signal as AbortSignal;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.signal.addEventListener("abort", () => this.fail());
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }

  stream(): void {
    this.#resolve(new Response(new ReadableStream({ start: (body) => void (this.#body = body) })));
  }

  write(text: string): void {
    this.writeBytes(new TextEncoder().encode(text));
  }

  writeBytes(bytes: Uint8Array): void {
    this.#body?.enqueue(bytes);
  }

  end(): void {
    this.#body?.close();
  }

  fail(): void {
    this.#reject(new TypeError("network"));
    this.#body?.error(new TypeError("network"));
  }

  answer(status: number, body: string): void {
    this.#resolve(new Response(body, { status }));
  }
}

let requests: Request[];
let clock: FakeClock;
let chat: Recorder;

function transport(): SseTransport {
  const fetch = (path: string, init: RequestInit) => {
    const request = new Request(path, init);
    requests.push(request);
    return request.response;
  };
  return new SseTransport({ base: "/base/", fetch: fetch as typeof globalThis.fetch, clock }, chat, chat);
}

function request(index: number): Request {
  const found = requests[index];
  assert.ok(found);
  return found;
}

/** Lets the event loop turn until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < 1_000, "it did not come");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

beforeEach(() => {
  requests = [];
  clock = new FakeClock();
  chat = new Recorder();
});

test("open needs no network while there is nothing to read", () => {
  const link = transport();
  link.open();
  assert.deepEqual(chat.log, ["opened"]);
  assert.equal(link.listening, false);
  assert.equal(requests.length, 0);
});

test("open reads the runs that are alive", () => {
  chat.resume = [{ run: RUN, after: null }];
  transport().open();
  assert.deepEqual([request(0).path, request(0).frames], ["/base/stream", [chat.hello()]]);
});

test("a send brings them along, in one request", () => {
  chat.resume = [{ run: RUN, after: null }];
  chat.onOpened = () => link.send([SEND]);
  const link = transport();
  link.open();
  assert.equal(requests.length, 1);
  assert.deepEqual(request(0).frames, [chat.hello(), SEND]);
  assert.deepEqual(request(0).headers, { "Content-Type": "application/json", "X-Vizro-WS-Chat": "1" });
});

test("events are read whatever the chunks; comments and the stream's end at rest mean nothing", async () => {
  const link = transport();
  link.open();
  link.send([SEND]);
  request(0).stream();
  const bytes = new TextEncoder().encode(
    `: keep-alive\n\ndata: [{"type":"pong"}]\n\ndata: [{"type":"refused","code":"busy","text":"später 👋"}]\n\n`,
  );
  for (const byte of bytes) {
    request(0).writeBytes(new Uint8Array([byte]));
  }
  await until(() => chat.frames.length === 2);
  assert.equal(link.listening, true);
  request(0).end();
  await until(() => !link.listening);
  assert.deepEqual(chat.log, ["opened", "pong", "refused"]);
  assert.deepEqual(chat.frames[1], { type: "refused", code: "busy", text: "später 👋" });
  assert.equal(clock.pending, 0);
});

test("an end while something is owed is a loss", async () => {
  chat.owed = true;
  const link = transport();
  link.open();
  link.send([SEND]);
  request(0).stream();
  request(0).end();
  await until(() => chat.log.includes("closed"));
  assert.equal(link.listening, false);
});

test("so are a broken network, a proxy's page, and a server that says nothing", async () => {
  const breaks: ((made: Request) => void)[] = [
    (made) => made.fail(),
    (made) => made.answer(502, "<html>"),
    (made) => {
      made.stream();
      made.write("data: nonsense\n\n");
    },
    () => clock.pass(10_100),
  ];
  for (const [index, breakIt] of breaks.entries()) {
    chat = new Recorder();
    const link = transport();
    link.open();
    link.send([SEND]);
    breakIt(request(index));
    await until(() => chat.log.includes("closed"));
    assert.deepEqual(chat.log, ["opened", "closed"]);
  }
});

test("a long history has as much more time as a slow network needs to take it", () => {
  const link = transport();
  link.open();
  const text = "x".repeat(80_000);
  link.send([{ type: "history", run: RUN, index: 0, count: 1, text }, SEND]);
  assert.equal(link.listening, false, "silence means nothing yet");
  clock.pass(20_000);
  assert.deepEqual(chat.log, ["opened"]);
  clock.pass(100);
  assert.deepEqual(chat.log, ["opened", "closed"]);
});

test("a long first message is waited for as long as it comes", async () => {
  const link = transport();
  link.open();
  link.resume();
  request(0).stream();
  let heard = 0;
  chat.heard = () => void (heard += 1);
  request(0).write("data: [");
  for (const chunk of ['{"type"', ':"po', 'ng"}]\n\n']) {
    const before = heard;
    await until(() => heard > before);
    clock.pass(9_999);
    request(0).write(chunk);
  }
  await until(() => chat.log.includes("pong"));
  clock.pass(60_000);
  assert.deepEqual(chat.log, ["opened", "pong"]);
});

test("a refusal is told, then the attempt has ended", async () => {
  const link = transport();
  link.open();
  link.send([SEND]);
  request(0).answer(503, '[{"type":"refused","code":"busy","text":"Busy.","retry_ms":2000}]');
  await until(() => chat.log.includes("closed"));
  assert.deepEqual(chat.log, ["opened", "refused", "closed"]);
});

test("a proxy's page that says too large refuses what was sent; others are a loss like any", async () => {
  const link = transport();
  link.open();
  link.send([SEND]);
  request(0).answer(413, "<html>");
  await until(() => chat.log.includes("closed"));
  assert.deepEqual(chat.log, ["opened", "refused", "closed"]);
  assert.deepEqual({ ...chat.frames[0], text: "" }, { type: "refused", code: "too-large", text: "", run: RUN });
});

test("a new stream replaces the one before", async () => {
  const link = transport();
  link.open();
  link.resume();
  request(0).stream();
  chat.resume = [{ run: RUN, after: "1-1" }];
  link.resume();
  assert.equal(request(0).signal.aborted, true);
  assert.deepEqual(request(1).frames, [chat.hello()]);
  request(1).stream();
  request(1).write('data: [{"type":"pong"}]\n\n');
  await until(() => chat.frames.length === 1);
  assert.deepEqual(chat.log, ["opened", "pong"]);
});

test("a new stream takes along what was sent and not answered", async () => {
  const other: ClientFrame = { ...SEND, run: "another-run-with-its-own-id" };
  const history: ClientFrame = { type: "history", run: RUN, index: 0, count: 1, text: "[]" };
  const link = transport();
  link.open();
  link.send([SEND]);
  link.send([other]);
  assert.deepEqual(request(1).frames, [chat.hello(), SEND, other]);
  link.send([history, SEND]);
  assert.deepEqual(request(2).frames, [chat.hello(), other, history, SEND]);
  request(2).stream();
  request(2).write(`data: [{"type":"need-history","run":"${RUN}"}]\n\n`);
  await until(() => chat.frames.length === 1);
  link.resume();
  assert.deepEqual(request(3).frames, [chat.hello(), other]);
});

test("cancel goes by itself, beside the stream; pings do not go at all", async () => {
  const link = transport();
  link.open();
  link.send([SEND]);
  chat.resume = [{ run: RUN, after: null }];
  link.send([CANCEL, { type: "ping" }]);
  assert.equal(request(1).path, "/base/command");
  assert.deepEqual(request(1).frames, [{ ...chat.hello(), resume: [] }, CANCEL]);
  assert.equal(request(0).signal.aborted, false);
  request(1).answer(200, '[{"type":"pong"}]');
  await until(() => chat.frames.length === 1);
});

test("a stream is probed by another one, one that has just been asked for is not", async () => {
  const link = transport();
  link.open();
  link.probe();
  assert.equal(requests.length, 0);
  link.resume();
  link.probe();
  assert.equal(requests.length, 1);
  request(0).stream();
  request(0).write('data: [{"type":"pong"}]\n\n');
  await until(() => chat.frames.length === 1);
  chat.resume = [{ run: RUN, after: null }];
  link.probe();
  assert.equal(request(0).signal.aborted, true);
  assert.deepEqual(request(1).frames, [chat.hello()]);
});

test("a cancel that is not answered is a loss", () => {
  const link = transport();
  link.open();
  link.send([CANCEL]);
  clock.pass(10_000);
  assert.deepEqual(chat.log, ["opened"], "it takes a moment to leave");
  clock.pass(100);
  assert.deepEqual(chat.log, ["opened", "closed"]);
  assert.equal(request(0).signal.aborted, true);
  assert.equal(clock.pending, 0);
});

test("feedback goes by commands of its own, with its history", async () => {
  const link = transport();
  link.open();
  const ofFeedback: ClientFrame = { ...HISTORY, run: FEEDBACK.run };
  link.send([CANCEL, ofFeedback, FEEDBACK]);
  assert.deepEqual(requests.map(({ path, types }) => [path, types]), [
    ["/base/command", ["hello", "cancel"]],
    ["/base/command", ["hello", "history", "feedback"]],
  ]);
  request(1).answer(200, `[{"type":"feedback-taken","run":"${FEEDBACK.run}"}]`);
  await until(() => chat.log.includes("feedback-taken"));
});

test("a long history with feedback has the time to leave", () => {
  const link = transport();
  link.open();
  link.send([{ ...HISTORY, run: FEEDBACK.run, text: "x".repeat(80_000) }, FEEDBACK]);
  clock.pass(20_000);
  assert.deepEqual(chat.log, ["opened"]);
  clock.pass(100);
  assert.deepEqual(chat.log, ["opened", "closed"]);
});

test("feedback that is refused was heard; a request that is refused was not", async () => {
  for (const [refusal, closes] of [[`,"run":"${FEEDBACK.run}"`, false], ["", true]] as const) {
    chat = new Recorder();
    requests = [];
    const link = transport();
    link.open();
    link.send([FEEDBACK]);
    request(0).answer(200, `[{"type":"refused","code":"internal","text":"No."${refusal}}]`);
    await until(() => chat.log.includes("refused"));
    await until(() => chat.log.includes("closed") === closes);
  }
});

test("what is said into an answer goes by a command beside the stream, and a refusal of it is no loss", async () => {
  const deliver: ClientFrame = { type: "deliver", run: RUN, id: "m".repeat(16), text: "Only Europe" };
  transport().send([deliver, CANCEL]);
  assert.deepEqual(requests.map(({ path, types }) => [path, types]), [
    ["/base/command", ["hello", "cancel"]],
    ["/base/command", ["hello", "deliver"]],
  ]);
  const refused = { type: "refused", code: "inbox-full", text: "Full.", run: RUN, delivery: "m".repeat(16) };
  request(1).answer(200, JSON.stringify([refused]));
  await until(() => chat.log.includes("refused"));
  assert.deepEqual(chat.log, ["refused"]);
  assert.deepEqual(chat.delivery, [deliver]);
});

test("a cancel that is lost is a loss", async () => {
  const link = transport();
  link.open();
  link.send([CANCEL]);
  request(0).fail();
  await until(() => chat.log.includes("closed"));
});

test("a cancel has been read when its own answer is no refusal", async () => {
  const link = transport();
  link.open();
  link.send([CANCEL]);
  request(0).answer(200, '[{"type":"pong"}]');
  await until(() => chat.log.includes("pong"));
  assert.deepEqual(chat.delivery, [CANCEL]);
});

for (const status of [200, 500]) {
  test(`a cancel that is refused is a loss, status ${status}`, async () => {
    const link = transport();
    link.open();
    link.send([CANCEL]);
    request(0).answer(status, '[{"type":"refused","code":"internal","text":"No."}]');
    await until(() => chat.log.includes("closed"));
    assert.deepEqual(chat.log, ["opened", "refused", "closed"]);
    assert.deepEqual(chat.delivery, []);
  });
}

test("closing aborts everything and says nothing", async () => {
  const link = transport();
  link.open();
  link.send([SEND, CANCEL]);
  request(0).stream();
  link.close();
  assert.deepEqual(requests.map(({ signal }) => signal.aborted), [true, true]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(chat.log, ["opened"]);
  assert.equal(clock.pending, 0);
});

const ANSWER: ClientFrame = { type: "answer", run: RUN, part: 0, value: "Yes" };
const message = (...frames: object[]): string => `data: ${JSON.stringify(frames)}\n\n`;
const splice = { type: "text-splice", run: RUN, id: "1795372800000-4", part: 0, at: 0, remove: 0, d: "x" };

test("an answer goes by a stream of its own, which brings the run to be read along", () => {
  const link = transport();
  link.open();
  chat.resume = [{ run: RUN, after: "1795372800000-3" }];
  link.send([ANSWER]);
  assert.deepEqual([request(0).path, request(0).frames], ["/base/stream", [chat.hello(), ANSWER]]);
  assert.equal(link.listening, false, "as long as the server has not answered");
});

test("an answer is sent along again until the question changes, or it is refused", async () => {
  const refusal = { type: "refused", code: "not-offered", text: "No.", run: RUN };
  for (const reply of [splice, refusal]) {
    requests = [];
    chat = new Recorder();
    const link = transport();
    link.open();
    link.send([ANSWER]);
    request(0).stream();
    request(0).write(message({ type: "welcome", v: 1, heartbeat_ms: 1, idle_ms: 1, max_prompt_chars: 1 }));
    await until(() => chat.frames.length === 1);
    link.resume();
    assert.deepEqual(request(1).types, ["hello", "answer"]);
    request(1).stream();
    request(1).write(message(reply));
    await until(() => chat.frames.length === 2);
    link.resume();
    assert.deepEqual(request(2).types, ["hello"], reply.type);
    link.close();
  }
});

test("what another run says does not settle an answer", async () => {
  const link = transport();
  link.open();
  link.send([ANSWER]);
  request(0).stream();
  request(0).write(message({ ...splice, run: "c".repeat(22) }));
  await until(() => chat.frames.length === 1);
  link.resume();
  assert.deepEqual(request(1).types, ["hello", "answer"]);
});

test("a stream that ends while its run waits for the reader is no failure", async () => {
  const link = transport();
  link.open();
  link.send([SEND]);
  request(0).stream();
  request(0).write(message({ type: "accepted", run: RUN, message: { id: "u1", parent: null, role: "user" } }));
  await until(() => chat.frames.length === 1);
  request(0).end();
  await until(() => !link.listening);
  assert.ok(!chat.log.includes("closed"));
  link.send([ANSWER]);
  assert.deepEqual(request(1).types, ["hello", "answer"]);
});
