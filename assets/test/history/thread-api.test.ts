import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { FakeClock } from "../doubles/fake-clock";
import { ProtocolError } from "../../src/protocol/errors";
import { ThreadApi, ThreadError } from "../../src/history/thread-api";
import { ANSWER, kept, QUESTION } from "./kept";

const SUMMARY = { id: "t1", title: "One", updated: 5 };
const going = new AbortController().signal;

describe("ThreadApi", () => {
  const clock = new FakeClock();
  let requests: { url: string; init: RequestInit | undefined }[];
  let answer: () => Promise<Response>;
  let api: ThreadApi;

  beforeEach(() => {
    requests = [];
    const fetch = (url: string, init?: RequestInit): Promise<Response> => {
      requests.push({ url, init });
      return answer();
    };
    api = new ThreadApi({ base: "/app/_chat/", chat: "a chat", fetch: fetch as typeof window.fetch, clock });
  });

  const answers = (body: unknown, status = 200): void => {
    answer = async () => new Response(status === 204 ? null : JSON.stringify(body), { status });
  };
  const refusal = (status: number, code: string): void => answers([{ type: "refused", code, text: "Says the server." }], status);
  const failure = (call: Promise<unknown>): Promise<ThreadError> =>
    call.then(
      () => assert.fail("it did not fail"),
      (error: unknown) => {
        assert.ok(error instanceof ThreadError, String(error));
        return error;
      },
    );

  test("lists by pages and by what is searched for", async () => {
    const page = { threads: [SUMMARY], next: "c 1" };
    answers(page);
    assert.deepEqual(await api.list("", null, going), page);
    await api.list("two & three", "c 1", going);
    assert.deepEqual(
      requests.map(({ url }) => url),
      ["/app/_chat/threads?chat=a+chat", "/app/_chat/threads?chat=a+chat&search=two+%26+three&before=c+1"],
    );
  });

  test("takes a server that does not answer to be away", async () => {
    answer = () => new Promise(() => {});
    const failed = failure(api.list("", null, going));
    clock.pass(30_000);
    assert.equal((await failed).sentence, null);
  });

  test("reads a conversation", async () => {
    answers(kept(QUESTION, ANSWER));
    assert.deepEqual(await api.read("t1", going), kept(QUESTION, ANSWER));
    assert.equal(requests[0]!.url, "/app/_chat/threads/t1?chat=a+chat");
  });

  test("renames and deletes with what other sites can't send", async () => {
    answers(SUMMARY);
    assert.deepEqual(await api.rename("t1", "New"), SUMMARY);
    answers(null, 204);
    await api.remove("t1");
    const [rename, remove] = requests.map(({ init }) => init!);
    assert.deepEqual([rename!.method, rename!.body], ["PATCH", '{"title":"New"}']);
    assert.equal(new Headers(rename!.headers).get("X-Vizro-WS-Chat"), "1");
    assert.equal(new Headers(rename!.headers).get("Content-Type"), "application/json");
    assert.deepEqual([remove!.method, new Headers(remove!.headers).get("X-Vizro-WS-Chat")], ["DELETE", "1"]);
  });

  test("a server that is away, busy or behind a proxy that says so, has nothing to say", async () => {
    answer = () => Promise.reject(new TypeError("Failed to fetch"));
    assert.deepEqual(await failure(api.list("", null, going)).then(({ sentence, isGone }) => [sentence, isGone]), [null, false]);
    answer = async () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
    assert.equal((await failure(api.remove("t1"))).sentence, null);
    refusal(429, "rate");
    assert.equal((await failure(api.rename("t1", "x"))).sentence, null);
    answer = async () => new Response("<h1>Log in</h1>");
    assert.equal((await failure(api.list("", null, going))).sentence, null);
  });

  test("who may not read is told why by the server", async () => {
    for (const status of [401, 403]) {
      refusal(status, "denied");
      assert.equal((await failure(api.list("", null, going))).sentence, "Says the server.");
    }
  });

  test("a conversation that is not there is told from all else that is not", async () => {
    refusal(404, "unknown-thread");
    assert.equal((await failure(api.read("t1", going))).isGone, true);
    refusal(404, "unknown-chat");
    assert.equal((await failure(api.read("t1", going))).isGone, false);
  });

  test("what was ended is no failure of the server", async () => {
    const ended = new AbortController();
    answer = () => {
      ended.abort();
      return Promise.reject(ended.signal.reason as Error);
    };
    await assert.rejects(api.read("t1", ended.signal), { name: "AbortError" });
  });

  test("of what a browser has brought nobody knows the run", async () => {
    const { run: _, ...brought } = QUESTION;
    answers(kept(brought));
    assert.deepEqual(await api.read("t1", going), kept(brought));
  });

  test("what is not of the server's form is not taken", async () => {
    for (const page of [null, [], { threads: [{ ...SUMMARY, updated: "now" }], next: null }, { threads: [] }]) {
      answers(page);
      await assert.rejects(api.list("", null, going), ProtocolError);
    }
    const wrong = [{ role: "system" }, { content: [{ kind: "magic", text: "" }] }, { files: [{}] }, { status: "open" }, { error: {} }];
    for (const part of wrong) {
      answers({ ...kept(), messages: [{ ...QUESTION, ...part }] });
      await assert.rejects(api.read("t1", going), ProtocolError);
    }
  });
});
