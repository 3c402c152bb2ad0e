import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decode, encode } from "../../src/protocol/codec";
import { ProtocolError } from "../../src/protocol/errors";
import type { ClientFrame, ServerFrame } from "../../src/protocol/frames";
import { golden } from "../golden";

describe("encode", () => {
  for (const { name, frame } of golden<{ name: string; frame: ClientFrame }[]>("client")) {
    test(name, () => assert.deepEqual(JSON.parse(encode([frame])), [frame]));
  }
});

describe("decode", () => {
  const frames = golden<{ name: string; frame: ServerFrame }[]>("server");
  for (const { name, frame } of frames) {
    test(name, () => assert.deepEqual(decode(JSON.stringify([frame])), [frame]));
    test(`${name}, with a field from the future`, () =>
      assert.deepEqual(decode(JSON.stringify([{ ...frame, future: 1 }])), [frame]));
  }

  test("several frames keep their order", () => {
    const all = frames.map(({ frame }) => frame);
    assert.deepEqual(decode(JSON.stringify(all)), all);
  });
});

describe("decode refuses", () => {
  for (const { name, text } of golden<{ server: { name: string; text: string }[] }>("rejected").server) {
    test(name, () => assert.throws(() => decode(text), ProtocolError));
  }

  for (const text of ["[]", "[null]", "[[]]", '[{"type":"toString"}]', '[{"type":"bye","code":"idle","retry_ms":-1}]']) {
    test(text, () => assert.throws(() => decode(text), ProtocolError));
  }
});
