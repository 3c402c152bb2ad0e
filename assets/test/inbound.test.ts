import assert from "node:assert/strict";
import { test } from "node:test";
import { sortInbound } from "../src/inbound";
import type { ServerFrame } from "../src/protocol/frames";

const nothing = { welcome: null, bye: null, refused: null, asked: false, forChat: [] };
const refused = (fields: object): ServerFrame => ({ type: "refused", code: "internal", text: "No.", ...fields });

test("frames about the connection are told apart, the rest is the chat's in its order", () => {
  const welcome = { type: "welcome", v: 1, heartbeat_ms: 1, idle_ms: 1, max_prompt_chars: 1 } as const;
  const bye = { type: "bye", code: "idle", retry_ms: 0 } as const;
  const one = { type: "need-history", run: "one" } as const;
  const two = { type: "need-history", run: "two" } as const;
  assert.deepEqual(sortInbound([welcome, one, { type: "ping" }, two, bye, { type: "pong" }]), {
    ...nothing,
    welcome,
    bye,
    asked: true,
    forChat: [one, two],
  });
});

test("a refusal of the connection that passes concerns it, others the chat", () => {
  for (const fields of [{ code: "busy" }, { code: "rate" }, { retry_ms: 0 }]) {
    assert.deepEqual(sortInbound([refused(fields)]), { ...nothing, refused: refused(fields) });
  }
  for (const fields of [{ code: "forbidden" }, { code: "busy", run: "run" }]) {
    assert.deepEqual(sortInbound([refused(fields)]), { ...nothing, forChat: [refused(fields)] });
  }
});
