import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../src/config";

const CONFIG = {
  chat: "chat",
  transport: "auto",
  base: "/_vizro_ws_chat/",
  websocket: "ws",
  storage: "key",
  name: "Assistant",
  description: "",
  exampleQuestions: ["Why?"],
  submitKey: "mod+enter",
  anchor: "top",
  whileAnswering: "queue",
  feedback: false,
  maxCommentChars: 2_000,
  history: true,
  imageOrigins: ["https://images.example"],
  uploads: { maxBytes: 10, maxFiles: 2, ttlMs: 1_000, types: ["image/*"] },
  inputs: [["country", "value"]],
  finished: "asks_finished",
  points: ["scatter"],
  pinTo: "board",
};

test("the attribute is the configuration", () => {
  assert.deepEqual(parseConfig(JSON.stringify({ ...CONFIG, future: 1 })), CONFIG);
});

test("no files can be attached where nothing is said of their limits", () => {
  assert.equal(parseConfig(JSON.stringify({ ...CONFIG, uploads: null })).uploads, null);
});

test("what is incomplete is refused", () => {
  for (const field of Object.keys(CONFIG)) {
    assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, [field]: undefined })), /incomplete/);
  }
  assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, transport: "pigeon" })), /incomplete/);
  assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, exampleQuestions: [1] })), /incomplete/);
  assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, uploads: { ...CONFIG.uploads, types: "all" } })), /incomplete/);
  assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, inputs: [["country"]] })), /incomplete/);
  assert.throws(() => parseConfig(JSON.stringify({ ...CONFIG, whileAnswering: "shout" })), /incomplete/);
  assert.throws(() => parseConfig("null"), /incomplete/);
  assert.throws(() => parseConfig(""));
});
