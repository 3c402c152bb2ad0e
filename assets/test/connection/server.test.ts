import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { begin, clock, connection, network, owner } from "./world";

beforeEach(begin);

describe("what the server asks for", () => {
  test("bye: what is on its way is read, then another connection after retry_ms", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome();
    network.last.receive({ type: "bye", code: "idle", retry_ms: 1_000 });
    assert.equal(link.state, "closing");
    network.last.receive({ type: "need-history", run: "run" });
    assert.equal(owner.frames.length, 1);
    network.last.lose();
    clock.pass(999);
    assert.equal(network.attempts.length, 1);
    clock.pass(1_001);
    assert.equal(network.attempts.length, 2);
  });

  test("bye right after each welcome does not make a tight loop", () => {
    owner.owed = true;
    connection().open();
    for (let round = 0; round < 20; round++) {
      network.last.welcome();
      network.last.receive({ type: "bye", code: "busy", retry_ms: 0 });
      network.last.lose();
      clock.pass(500);
    }
    assert.ok(network.attempts.length < 10, String(network.attempts.length));
  });

  test("bye without a close is a close soon after", () => {
    owner.owed = true;
    connection().open();
    network.last.welcome();
    clock.pass(3_000);
    network.last.receive({ type: "bye", code: "idle", retry_ms: 0 });
    clock.pass(1_999);
    assert.equal(network.attempts.length, 1);
    clock.pass(1);
    assert.equal(network.attempts.length, 2);
  });

  for (const code of ["idle", "shutdown"]) {
    test(`bye (${code}) when nothing is owed is the end`, () => {
      const link = connection();
      link.open();
      network.last.welcome();
      network.last.receive({ type: "bye", code, retry_ms: 1_000 });
      assert.equal(network.last.closed, false);
      network.last.lose();
      assert.equal(link.state, "closed");
      assert.equal(clock.pending, 0);
    });
  }

  test("what is asked for after bye is asked on the next connection", () => {
    const link = connection();
    link.open();
    network.last.welcome();
    clock.pass(3_000);
    network.last.receive({ type: "bye", code: "idle", retry_ms: 0 });
    owner.owed = true;
    link.open();
    network.last.lose();
    assert.equal(network.attempts.length, 2);
  });

  for (const closes of [true, false]) {
    test(`shutdown: another connection within a second, ${closes ? "also when" : "before"} the server closes`, () => {
      owner.owed = true;
      const link = connection();
      link.open();
      network.last.welcome();
      network.last.receive({ type: "bye", code: "shutdown", retry_ms: 30_000 });
      network.last.receive({ type: "need-history", run: "run" });
      assert.equal(owner.frames.length, 1);
      if (closes) {
        clock.pass(500);
        network.last.lose();
      }
      assert.equal(network.attempts.length, 1);
      clock.pass(closes ? 500 : 1_000);
      assert.equal(network.attempts.length, 2);
      assert.equal(link.notice, null);
    });
  }

  test("busy: its sentence is shown and its time respected", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.accept();
    network.last.receive({ type: "refused", code: "busy", text: "Many are here.", retry_ms: 3_000 });
    assert.equal(link.notice, "Many are here.");
    link.open();
    clock.pass(2_999);
    assert.equal(network.attempts.length, 1);
    clock.pass(3_001);
    assert.equal(network.attempts.length, 2);
  });

  test("other refusals are the chat's affair", () => {
    connection().open();
    network.last.welcome();
    network.last.receive({ type: "refused", code: "forbidden", text: "No." });
    assert.equal(owner.frames.length, 1);
  });
});
