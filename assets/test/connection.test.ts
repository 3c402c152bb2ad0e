import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Connection, type ConnectionOwner, type TransportMode } from "../src/connection";
import type { ServerFrame } from "../src/protocol/frames";
import { FakeClock } from "./doubles/fake-clock";
import { FakeNetwork } from "./doubles/fake-transport";

class Owner implements ConnectionOwner {
  owed = false;
  opens = 0;
  readonly frames: ServerFrame[] = [];

  hello() {
    return { type: "hello", v: 1, chat: "chat", resume: [] } as const;
  }

  expecting(): boolean {
    return this.owed;
  }

  onOpen(): void {
    this.opens += 1;
  }

  onFrames(frames: readonly ServerFrame[]): void {
    this.frames.push(...frames);
  }

  onConnectionChange(): void {}
}

let clock: FakeClock;
let network: FakeNetwork;
let owner: Owner;

/** With jitter at its longest. */
function connection(mode: TransportMode = "websocket"): Connection {
  return new Connection({ mode, transport: network.transport, clock, random: () => 1 - Number.EPSILON }, owner);
}

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  owner = new Owner();
});

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

  test("is retried at once, then slower and slower", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome();
    clock.pass(10_000);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      network.last.lose();
      assert.equal(link.state, "connecting");
      const lostAt = clock.now();
      while (network.attempts.length === attempt) {
        clock.pass(1);
      }
      waits.push(clock.now() - lostAt);
    }
    assert.deepEqual(waits, [1, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    assert.match(link.notice ?? "", /Reconnecting/);
    network.last.welcome();
    assert.equal(link.notice, null);
  });

  test("does not make the user wait who sends something", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.lose();
    clock.pass(0);
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

describe("silence", () => {
  test("each heartbeat a ping; two without an answer are death", () => {
    owner.owed = true;
    connection().open();
    const first = network.last;
    first.welcome({ heartbeat_ms: 1_000 });
    clock.pass(1_000);
    assert.deepEqual(first.sent, [{ type: "ping" }]);
    first.receive({ type: "pong" });
    clock.pass(1_999);
    assert.equal(first.closed, false);
    clock.pass(1);
    assert.equal(first.closed, true);
    clock.pass(1);
    assert.equal(network.attempts.length, 2);
  });

  test("means nothing to a transport at rest", () => {
    owner.owed = true;
    connection("sse").open();
    network.last.accept();
    network.last.listening = false;
    clock.pass(600_000);
    assert.equal(network.last.closed, false);
    assert.deepEqual(network.last.sent, []);
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

describe("what the server asks for", () => {
  test("bye: what is on its way is read, then another connection after retry_ms", () => {
    owner.owed = true;
    const link = connection();
    link.open();
    network.last.welcome();
    network.last.receive({ type: "bye", code: "shutdown", retry_ms: 1_000 });
    assert.equal(link.state, "closing");
    network.last.receive({ type: "need-history", run: "run" });
    assert.equal(owner.frames.length, 1);
    network.last.lose();
    clock.pass(999);
    assert.equal(network.attempts.length, 1);
    clock.pass(1_001);
    assert.equal(network.attempts.length, 2);
  });

  test("bye without a close is a close soon after", () => {
    const link = connection();
    link.open();
    network.last.welcome();
    network.last.receive({ type: "bye", code: "idle", retry_ms: 0 });
    clock.pass(2_000);
    assert.equal(link.state, "closed");
    assert.equal(network.last.closed, true);
  });

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

describe("falling back", () => {
  const kinds = () => network.attempts.map(({ kind }) => kind);

  test("a WebSocket that never opened is given up at once and for good", () => {
    owner.owed = true;
    const link = connection("auto");
    link.open();
    network.last.lose();
    clock.pass(0);
    assert.deepEqual(kinds(), ["websocket", "sse"]);
    network.last.welcome();
    clock.pass(10_000);
    network.last.lose();
    clock.pass(1);
    assert.deepEqual(kinds(), ["websocket", "sse", "sse"]);
  });

  test("one that worked gets a second chance", () => {
    owner.owed = true;
    connection("auto").open();
    network.last.welcome();
    clock.pass(10_000);
    network.last.lose();
    clock.pass(1);
    network.last.lose();
    clock.pass(500);
    assert.deepEqual(kinds(), ["websocket", "websocket", "websocket"]);
    network.last.lose();
    clock.pass(0);
    assert.deepEqual(kinds(), ["websocket", "websocket", "websocket", "sse"]);
  });

  test("one that worked is tried again after a quiet time", () => {
    owner.owed = true;
    const link = connection("auto");
    link.open();
    network.last.welcome();
    for (const wait of [1, 500, 1_000]) {
      network.last.lose();
      clock.pass(wait);
    }
    assert.equal(kinds().at(-1), "sse");
    network.last.welcome();
    owner.owed = false;
    network.last.lose();
    assert.equal(link.state, "closed");
    link.open();
    assert.equal(kinds().at(-1), "websocket");
  });

  test("one that opens and says nothing is given up after two attempts", () => {
    owner.owed = true;
    connection("auto").open();
    network.last.accept();
    network.last.lose();
    clock.pass(1);
    network.last.accept();
    network.last.lose();
    clock.pass(1);
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
