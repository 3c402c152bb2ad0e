import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { begin, clock, connection, network, owner, page } from "./world";

beforeEach(begin);

describe("falling back", () => {
  const kinds = () => network.attempts.map(({ kind }) => kind);

  test("a WebSocket that never opened is given up at once", () => {
    owner.owed = true;
    connection("auto").open();
    network.last.lose();
    assert.deepEqual(kinds(), ["websocket", "sse"]);
    network.last.welcome();
    clock.pass(10_000);
    network.last.lose();
    assert.deepEqual(kinds(), ["websocket", "sse", "sse"]);
  });

  test("one that worked is tried for three seconds, then both in turn until one is welcomed", () => {
    owner.owed = true;
    connection("auto").open();
    network.last.welcome();
    clock.pass(10_000);
    const lostAt = clock.now();
    network.last.lose();
    while (kinds().at(-1) === "websocket") {
      network.last.lose();
      clock.pass(1_000);
    }
    const waited = clock.now() - lostAt;
    assert.ok(waited >= 3_000 && waited <= 6_000, String(waited));
    for (const kind of ["websocket", "sse", "websocket", "sse"]) {
      network.last.lose();
      clock.pass(15_000);
      assert.equal(kinds().at(-1), kind);
    }
    network.last.welcome();
    clock.pass(10_000);
    network.last.lose();
    assert.equal(kinds().at(-1), "sse", "what has just worked comes first");
  });

  test("SSE with nothing owed is closed, so that a WebSocket is tried again", () => {
    owner.owed = true;
    const link = connection("auto");
    link.open();
    network.last.welcome();
    while (kinds().at(-1) === "websocket") {
      network.last.lose();
      clock.pass(2_000);
    }
    network.last.welcome();
    assert.equal(link.state, "open");
    owner.owed = false;
    network.last.receive({ type: "need-history", run: "run" });
    assert.equal(link.state, "closed");
    assert.equal(network.last.closed, true);
    assert.equal(clock.pending, 0);
    link.open();
    assert.equal(kinds().at(-1), "websocket");
  });

  test("pinned SSE with nothing owed stays until it has been idle", () => {
    const link = connection("sse");
    link.open();
    network.last.accept();
    assert.equal(link.state, "open");
    clock.pass(29_999);
    assert.equal(link.state, "open");
  });

  test("one that never opened is not given up while the browser is offline, or where no socket was made", () => {
    owner.owed = true;
    page.online = false;
    connection("auto").open();
    network.last.lose();
    clock.pass(15_000);
    page.goOnline();
    network.last.tried = false;
    network.last.lose();
    clock.pass(15_000);
    assert.deepEqual(new Set(kinds()), new Set(["websocket"]));
  });

  test("one that refuses works", () => {
    owner.owed = true;
    connection("auto").open();
    for (let round = 0; round < 3; round++) {
      network.last.accept();
      network.last.receive({ type: "refused", code: "busy", text: "Busy.", retry_ms: 500 });
      clock.pass(1_000);
    }
    assert.equal(network.attempts.length, 4);
    assert.deepEqual(new Set(kinds().slice(0, 3)), new Set(["websocket"]));
  });

  test("where nothing gets through, both are tried in turn, slower and slower", () => {
    owner.owed = true;
    connection("auto").open();
    for (let round = 0; round < 20; round++) {
      network.last.lose();
      clock.pass(500);
    }
    assert.deepEqual(kinds().slice(0, 4), ["websocket", "sse", "websocket", "sse"]);
    assert.ok(kinds().length < 15, String(kinds().length));
  });

  test("one that hangs is given up by who does not wait for its deadline", () => {
    owner.owed = true;
    const link = connection("auto");
    link.open();
    clock.pass(2_000);
    link.tryNow();
    clock.pass(2_001);
    link.tryNow();
    assert.deepEqual(kinds(), ["websocket", "websocket", "sse"]);
  });

  test("one that hung without a network is not", () => {
    owner.owed = true;
    connection("auto").open();
    clock.pass(5_000);
    page.goOnline();
    assert.deepEqual(kinds(), ["websocket", "websocket"]);
  });

  test("one that opens and says nothing is given up after two attempts", () => {
    owner.owed = true;
    connection("auto").open();
    network.last.accept();
    network.last.lose();
    clock.pass(400);
    network.last.accept();
    network.last.lose();
    assert.deepEqual(kinds(), ["websocket", "websocket", "sse"]);
  });

  test("a refusal while nothing is owed is remembered", () => {
    const link = connection("auto");
    link.open();
    network.last.lose();
    assert.equal(link.state, "closed");
    link.open();
    assert.deepEqual(kinds(), ["websocket", "sse"]);
  });

  for (const mode of ["websocket", "sse"] as const) {
    test(`${mode} is kept when pinned`, () => {
      owner.owed = true;
      connection(mode).open();
      for (let round = 0; round < 4; round++) {
        network.last.lose();
        clock.pass(15_000);
      }
      assert.deepEqual(new Set(kinds()), new Set([mode]));
    });
  }
});

test("closing ends the attempt and every timer", () => {
  owner.owed = true;
  const link = connection();
  link.open();
  network.last.welcome();
  link.close();
  assert.equal(link.state, "closed");
  assert.equal(network.last.closed, true);
  assert.equal(clock.pending, 0);
});
