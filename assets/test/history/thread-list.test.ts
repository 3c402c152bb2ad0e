import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { ThreadList, type ListState } from "../../src/history/thread-list";
import { FakeClock } from "../doubles/fake-clock";
import { FakeServer, summary, turnOfEvents } from "./fake-server";

const [A, B, C, D] = [summary("a", 40), summary("b", 30), summary("c", 20), summary("d", 10)];

describe("ThreadList", () => {
  let server: FakeServer;
  let clock: FakeClock;
  let states: ListState[];
  let list: ThreadList;

  beforeEach(() => {
    server = new FakeServer();
    clock = new FakeClock();
    states = [];
    list = new ThreadList(server, clock, (state) => states.push(state));
  });

  const ids = (): string => list.state.threads.map(({ id }) => id).join("");
  const begin = async (...pages: Parameters<FakeServer["page"]>): Promise<void> => {
    void list.begin();
    await server.page(...pages);
  };

  test("asks for nothing before it begins", () => {
    assert.deepEqual([server.calls, states], [[], []]);
  });

  test("is loading, and then there", async () => {
    void list.begin();
    assert.equal(list.state.status, "loading");
    await server.page([A, B]);
    assert.deepEqual([list.state.status, ids(), list.state.hasMore], ["ready", "ab", false]);
  });

  test("says when the list can't be read, and reads it again", async () => {
    void list.begin();
    await server.fail();
    assert.deepEqual([list.state.status, list.state.problem], ["failed", "Conversations can't be read at the moment."]);
    void list.tryAgain();
    assert.deepEqual([list.state.status, list.state.problem], ["loading", null]);
    await server.fail("You are not logged in.");
    assert.equal(list.state.problem, "You are not logged in.");
  });

  test("goes on by pages, each conversation once", async () => {
    await begin([A, B], "next");
    assert.equal(list.state.hasMore, true);
    void list.more();
    assert.equal(server.asked.at(-1), 'list "" next');
    await server.page([B, C]);
    assert.deepEqual([ids(), list.state.hasMore], ["abc", false]);
  });

  test("reads the newest again and keeps the older ones, and where they end", async () => {
    await begin([A, B], "two");
    void list.more();
    await server.page([C, D], "three");
    void list.refresh();
    await server.page([summary("e", 50), A], "two again");
    assert.equal(ids(), "eabcd");
    void list.more();
    assert.equal(server.asked.at(-1), 'list "" three');
    await server.page([]);
    // What is no longer there goes as far as the list was read anew.
    void list.refresh();
    await server.page([A, C]);
    assert.deepEqual([ids(), list.state.hasMore], ["ac", false]);
  });

  test("keeps older ones that are as old as the last of the newest", async () => {
    const sameTime = summary("b2", B.updated);
    await begin([A, B], "two");
    void list.more();
    await server.page([sameTime, C]);
    void list.refresh();
    await server.page([A, B], "two");
    assert.equal(ids(), "abb2c");
  });

  test("what was deleted or renamed while the list was read is so", async () => {
    await begin([A, B, C]);
    void list.refresh();
    void list.remove("a");
    await server.answer(undefined);
    void list.rename("b", "New");
    await server.answer({ ...B, title: "New" });
    await server.answer({ threads: [A, B, C], next: null }, 1);
    assert.deepEqual(list.state.threads, [{ ...B, title: "New" }, C]);
    // It may have gone on elsewhere since.
    void list.refresh();
    await server.page([A, B, C]);
    assert.equal(ids(), "abc");
  });

  test("a reading that fails leaves what is shown", async () => {
    await begin([A]);
    void list.refresh();
    await server.fail();
    assert.deepEqual([list.state.status, ids(), list.state.problem !== null], ["ready", "a", true]);
  });

  test("searches when nothing else is typed for a moment, and only for what was typed last", async () => {
    await begin([A]);
    list.search("s");
    clock.pass(249);
    list.search(" sa ");
    clock.pass(249);
    assert.equal(server.calls.length, 1);
    clock.pass(1);
    assert.equal(server.asked.at(-1), 'list "sa" null');
    list.search("sal");
    clock.pass(250);
    assert.equal(server.calls.at(1)!.signal!.aborted, true);
    await server.answer({ threads: [B], next: null }, 1);
    assert.equal(ids(), "");
    await server.page([C]);
    assert.equal(ids(), "c");
    list.search("sal ");
    clock.pass(250);
    assert.equal(server.calls.length, 3);
  });

  test("opens the one that was chosen last", async () => {
    await begin([A, B]);
    const first = list.open("a");
    const second = list.open("b");
    assert.equal(list.state.opening, "b");
    await server.answer({ id: "a" }, 1);
    await server.thread("b");
    assert.equal(await first, null);
    assert.equal((await second)!.id, "b");
    assert.equal(list.state.opening, null);
  });

  test("one that can't be opened stays, one that is gone goes", async () => {
    await begin([A, B]);
    const away = list.open("a");
    await server.fail();
    assert.equal(await away, null);
    assert.deepEqual([ids(), list.state.problem], ["ab", "This conversation can't be read at the moment."]);
    const gone = list.open("a");
    assert.equal(list.state.problem, null);
    await server.fail(null, true);
    assert.equal(await gone, null);
    assert.deepEqual([ids(), list.state.problem], ["b", "This conversation no longer exists. It may have been deleted elsewhere."]);
  });

  test("renames at once, and takes it back when the server does not", async () => {
    await begin([A]);
    void list.rename("a", "New");
    assert.equal(list.state.threads[0]!.title, "New");
    await server.answer({ ...A, title: "New." });
    assert.equal(list.state.threads[0]!.title, "New.");
    void list.rename("a", "Newer");
    await server.fail();
    assert.deepEqual([list.state.threads[0]!.title, list.state.problem], ["New.", "The title can't be changed at the moment."]);
  });

  test("no title, and the same one, are no new title", async () => {
    await begin([A]);
    await list.rename("a", "");
    await list.rename("a", A.title);
    assert.deepEqual([server.calls.length, list.state.threads[0]], [1, A]);
  });

  test("deletes what the server has deleted, and nothing else", async () => {
    await begin([A, B]);
    const kept = list.remove("a");
    await server.fail();
    assert.deepEqual([await kept, ids(), list.state.problem], [false, "ab", "This conversation can't be deleted at the moment."]);
    const removed = list.remove("a");
    await server.answer(undefined);
    assert.deepEqual([await removed, ids(), list.state.problem], [true, "b", null]);
  });

  test("hears and asks nothing more when it has ended", async () => {
    void list.begin();
    list.search("x");
    list.end();
    const count = states.length;
    await server.page([A]);
    clock.pass(1_000);
    await turnOfEvents();
    assert.deepEqual([states.length, server.calls.length, clock.pending], [count, 1, 0]);
  });
});
