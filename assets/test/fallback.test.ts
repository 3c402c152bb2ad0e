import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Fallback } from "../src/fallback";

const FIVE_MINUTES_MS = 300_000;

let fallback: Fallback;

beforeEach(() => {
  fallback = new Fallback("auto");
});

/** What each of the attempts of an outage is made with. */
function attempts(...outagesMs: number[]): string[] {
  return outagesMs.map((outageMs) => {
    fallback.again(outageMs);
    return fallback.kind;
  });
}

describe("a WebSocket that never worked", () => {
  test("is given up at once when it is refused", () => {
    assert.equal(fallback.failed(0, false), true);
    assert.equal(fallback.kind, "sse");
    assert.equal(fallback.fallenBack, true);
    assert.deepEqual(attempts(100, 10_000), ["sse", "sse"]);
  });

  test("is given up after two attempts when it opens and says nothing", () => {
    assert.equal(fallback.failed(0, true), false);
    assert.equal(fallback.kind, "websocket");
    assert.equal(fallback.failed(0, true), true);
    assert.equal(fallback.kind, "sse");
  });

  test("is tried again when five minutes have passed, not before", () => {
    fallback.failed(1_000, false);
    fallback.heard();
    fallback.begin(1_000 + FIVE_MINUTES_MS - 1);
    assert.equal(fallback.kind, "sse");
    fallback.begin(1_000 + FIVE_MINUTES_MS);
    assert.equal(fallback.kind, "websocket");
    assert.equal(fallback.failed(1_000 + FIVE_MINUTES_MS, false), true);
    assert.equal(fallback.kind, "sse");
  });
});

describe("a network that lets nothing through", () => {
  test("makes both be tried in turn, as soon as SSE has failed too", () => {
    fallback.failed(0, false);
    assert.equal(fallback.kind, "sse");
    assert.equal(fallback.failed(0, true), false);
    const kinds = [100, 200, 300].map((outageMs) => {
      const [kind] = attempts(outageMs);
      assert.equal(fallback.failed(0, false), false);
      return kind;
    });
    assert.deepEqual(kinds, ["websocket", "sse", "websocket"]);
  });

  test("does not condemn the WebSocket when SSE is the first to work", () => {
    fallback.failed(0, false);
    fallback.failed(0, true);
    attempts(100, 200);
    fallback.heard();
    assert.deepEqual(attempts(300), ["sse"]);
    fallback.begin(1_000);
    assert.equal(fallback.kind, "websocket");
    assert.equal(fallback.failed(2_000, false), true);
  });
});

describe("one that has worked", () => {
  beforeEach(() => fallback.heard());

  test("is waited for, then both are tried in turn", () => {
    const kinds = attempts(0, 2_999, 3_000, 4_000, 5_000);
    assert.deepEqual(kinds, ["websocket", "websocket", "sse", "websocket", "sse"]);
    assert.equal(fallback.failed(0, false), false);
  });

  test("is what a new connection begins with", () => {
    attempts(3_000);
    assert.equal(fallback.kind, "sse");
    fallback.begin(10_000);
    assert.equal(fallback.kind, "websocket");
  });
});

for (const mode of ["websocket", "sse"] as const) {
  test(`${mode} is kept when pinned`, () => {
    fallback = new Fallback(mode);
    fallback.heard();
    fallback.failed(0, false);
    fallback.failed(0, false);
    fallback.begin(FIVE_MINUTES_MS);
    assert.deepEqual(attempts(0, 10_000), [mode, mode]);
    assert.equal(fallback.fallenBack, false);
  });
}
