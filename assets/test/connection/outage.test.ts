import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { begin, clock, connection, network, owner, page } from "./world";

beforeEach(begin);

describe("a lost connection", () => {
  test("stays closed when nothing is owed", () => {
    const link = connection();
    link.open();
    network.last.welcome();
    network.last.lose();
    clock.pass(60_000);
    assert.equal(link.state, "closed");
    assert.equal(network.attempts.length, 1);
    assert.equal(clock.pending, 0);
  });

  test("is retried at once, without a timer, then slower and slower", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome();
    clock.pass(10_000);
    network.last.lose();
    assert.equal(network.attempts.length, 2);
    const attemptsAt: number[] = [];
    const lostAt = clock.now();
    for (let attempt = 2; attempt <= 7; attempt++) {
      network.last.lose();
      assert.equal(link.state, "reconnecting");
      while (network.attempts.length === attempt) {
        clock.pass(1);
      }
      attemptsAt.push(clock.now() - lostAt);
    }
    assert.deepEqual(attemptsAt, [400, 800, 1_200, 1_800, 2_700, 4_050]);
    assert.equal(link.notice, null);
  });

  test("one that brings something each time it is there is not made to wait", () => {
    owner.owed = true;
    connection().open();
    for (let attempt = 1; attempt <= 5; attempt++) {
      network.last.welcome();
      network.last.receive({ type: "need-history", run: "run" });
      network.last.lose();
      assert.equal(network.attempts.length, attempt + 1);
    }
  });

  test("one that brings nothing new is retried slower and slower", () => {
    owner.owed = true;
    owner.advances = false;
    connection().open();
    for (let round = 0; round < 20; round++) {
      network.last.welcome();
      network.last.receive({ type: "need-history", run: "run" });
      network.last.lose();
      clock.pass(500);
    }
    assert.ok(network.attempts.length < 10, String(network.attempts.length));
  });

  test("does not make the user wait who sends something", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.lose();
    const attempts = network.attempts.length;
    link.open();
    assert.equal(network.attempts.length, attempts + 1);
  });

  test("a server that greets and hangs up is not retried in a tight loop", () => {
    owner.owed = true;
    connection().open();
    for (let round = 0; round < 5; round++) {
      network.last.welcome();
      network.last.lose();
      clock.pass(500);
    }
    assert.ok(network.attempts.length < 5);
  });

  test("is given up when nothing is owed any more", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.lose();
    owner.owed = false;
    clock.pass(60_000);
    assert.equal(link.state, "closed");
    assert.equal(network.attempts.length, 1);
  });
});

describe("the browser's network", () => {
  test("is believed when nothing else is known", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome();
    page.goOffline();
    assert.equal(link.state, "open");
    network.last.lose();
    assert.equal(link.state, "offline");
    page.goOnline();
    assert.equal(link.state, "reconnecting");
  });

  test("its return ends the wait, and an attempt that has not come far", () => {
    owner.owed = true;
    connection().open();
    const first = network.last;
    page.goOnline();
    assert.equal(first.closed, true);
    network.last.lose();
    page.goOnline();
    assert.equal(network.attempts.length, 3);
  });

  test("a page that is shown again does not wait either", () => {
    owner.owed = true;
    connection().open();
    network.last.lose();
    page.show();
    assert.equal(network.attempts.length, 2);
    page.show();
    assert.equal(network.attempts.length, 2, "an attempt is being made");
  });

  test("is of no interest to a closed connection", () => {
    const link = connection();
    assert.equal(page.listeners, 0);
    link.open();
    assert.equal(page.listeners, 1);
    network.last.lose();
    assert.equal(link.state, "closed");
    assert.equal(page.listeners, 0);
  });
});

describe("Try now", () => {
  test("skips the wait", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.lose();
    link.tryNow();
    assert.equal(network.attempts.length, 2);
  });

  test("leaves an attempt that hangs for a new one", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    const first = network.last;
    link.tryNow();
    assert.equal(first.closed, true);
    assert.equal(network.attempts.length, 2);
    network.last.welcome();
    assert.equal(link.state, "open");
  });

  test("asks an open connection, and respects the time that a server has asked for", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome();
    link.tryNow();
    assert.equal(network.last.probes, 1);
    network.last.receive({ type: "refused", code: "busy", text: "Many are here.", retry_ms: 3_000 });
    link.tryNow();
    assert.equal(network.attempts.length, 1);
  });

  test("opens nothing that nobody needs", () => {
    connection().tryNow();
    assert.equal(network.attempts.length, 0);
  });
});
