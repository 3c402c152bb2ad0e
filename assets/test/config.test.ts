import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../src/config";

const CONFIG = { chat: "chat", transport: "auto", base: "/_vizro_ws_chat/", websocket: "ws", storage: "key" };

test("the attribute is the configuration", () => {
  assert.deepEqual(parseConfig(JSON.stringify({ ...CONFIG, future: 1 })), CONFIG);
});

test("what is incomplete is refused", () => {
  for (const field of Object.keys(CONFIG)) {
    assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, [field]: undefined })), /incomplete/);
  }
  assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, transport: "pigeon" })), /incomplete/);
  assert.throws(() => parseConfig("null"), /incomplete/);
  assert.throws(() => parseConfig(""));
});
