import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { begin, clock, connection, network, owner, page } from "./world";

beforeEach(begin);

describe("opening", () => {
  test("nothing is opened until it is asked for", () => {
    assert.equal(connection().state, "closed");
    assert.equal(network.attempts.length, 0);
  });

  test("closed, connecting, open", () => {
    const link = connection();
    link.open();
    assert.equal(link.state, "connecting");
    network.last.accept();
    assert.equal(link.state, "open");
    assert.equal(owner.opens, 1);
    link.open();
    assert.equal(network.attempts.length, 1);
  });

  test("the welcome brings the limits", () => {
    const link = connection();
    link.open();
    network.last.welcome({ max_prompt_chars: 7 });
    assert.equal(link.maxPromptChars, 7);
  });

  test("pong and welcome stay here, the rest goes to the chat", () => {
    connection().open();
    network.last.welcome();
    network.last.receive({ type: "pong" }, { type: "need-history", run: "run" });
    assert.deepEqual(owner.frames, [{ type: "need-history", run: "run" }]);
  });
});

describe("state", () => {
  test("is open when the server has answered, if it is asked something", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.accept();
    assert.equal(link.state, "connecting");
    network.last.welcome();
    assert.equal(link.state, "open");
  });

  test("is connecting again after a time without a need for it", () => {
    const link = connection();
    link.open();
    network.last.welcome();
    network.last.lose();
    link.open();
    assert.equal(link.state, "connecting");
  });
});

describe("idle", () => {
  test("the socket is given back after idle_ms without a run", () => {
    const link = connection();
    link.open();
    network.last.welcome({ idle_ms: 5_000 });
    clock.pass(4_999);
    assert.equal(link.state, "open");
    clock.pass(1);
    assert.equal(link.state, "closed");
    assert.equal(network.last.closed, true);
    assert.equal(clock.pending, 0);
  });

  test("a run keeps it, and the time counts from its end", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome({ idle_ms: 5_000 });
    clock.pass(15_000);
    owner.owed = false;
    clock.pass(4_999);
    assert.equal(link.state, "open");
    clock.pass(1);
    assert.equal(link.state, "closed");
  });

  test("using the composer counts as use", () => {
    const link = connection();
    link.open();
    network.last.welcome({ idle_ms: 5_000 });
    clock.pass(4_000);
    link.open();
    clock.pass(4_000);
    assert.equal(link.state, "open");
  });
});

describe("silence", () => {
  test("for two heartbeats is a loss", () => {
    owner.owed = true;
    connection().open();
    const first = network.last;
    first.welcome({ heartbeat_ms: 2_000 });
    clock.pass(3_999);
    assert.deepEqual(first.sent, [{ type: "ping" }]);
    assert.equal(first.closed, false);
    clock.pass(1);
    assert.equal(first.closed, true);
    assert.equal(network.attempts.length, 2);
  });

  test("after a question or a Stop is one in five seconds", () => {
    for (const frame of [{ type: "send", run: "run", parent: null, text: "Hello" }, { type: "cancel", run: "run" }] as const) {
      begin();
      owner.owed = true;
      const link = connection();
      link.open();
      network.last.welcome();
      link.send([frame]);
      assert.deepEqual(network.last.sent, [frame, { type: "ping" }]);
      clock.pass(4_999);
      assert.equal(network.attempts.length, 1);
      clock.pass(1);
      assert.equal(network.attempts.length, 2);
    }
  });

  test("over SSE is left to the requests, which have deadlines of their own", () => {
    owner.owed = true;
    const link = connection("sse");
    link.open();
    network.last.welcome();
    const cancel = { type: "cancel", run: "run" } as const;
    link.send([cancel]);
    assert.deepEqual(network.last.sent, [cancel]);
    clock.pass(10_000);
    assert.equal(network.attempts.length, 1);
  });

  test("where the browser tells of a change is one in three", () => {
    for (const change of [() => page.goOnline(), () => page.goOffline(), () => page.show()]) {
      begin();
      owner.owed = true;
      connection().open();
      network.last.welcome();
      change();
      assert.equal(network.last.probes, 1);
      clock.pass(2_999);
      assert.equal(network.attempts.length, 1);
      clock.pass(1);
      assert.equal(network.attempts.length, 2);
    }
  });

  test("the server's own ping is answered at once", () => {
    connection().open();
    network.last.welcome();
    network.last.receive({ type: "ping" });
    assert.deepEqual(network.last.sent, [{ type: "pong" }]);
    assert.deepEqual(owner.frames, []);
  });
});
