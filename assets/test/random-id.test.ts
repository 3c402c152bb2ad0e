import assert from "node:assert/strict";
import { test } from "node:test";
import { randomId } from "../src/random-id";

test("a run id has 144 bits in the characters of the protocol", () => {
  const filled = (byte: number) => ({ getRandomValues: (bytes: Uint8Array) => bytes.fill(byte) }) as unknown as Crypto;
  assert.equal(randomId(filled(0xff)), "_".repeat(24));
  assert.equal(randomId(filled(0xfb)), "-_v7".repeat(6));
  assert.match(randomId(globalThis.crypto), /^[\w-]{24}$/);
  assert.notEqual(randomId(globalThis.crypto), randomId(globalThis.crypto));
});
