import assert from "node:assert/strict";
import { test } from "node:test";
import { SocketTap } from "../../src/transport/socket-tap";
import { fakeHost, FakeSocket } from "../doubles/fake-socket";

test("the socket of the expected URL is handed over before its maker has it", () => {
  const host = fakeHost();
  const order: unknown[] = [];
  new SocketTap(host).expect("ws://chat/", (socket) => order.push(socket));
  const socket = new host.WebSocket("ws://chat/");
  order.push("made");
  assert.deepEqual(order, [socket, "made"]);
});

test("other sockets are left alone", () => {
  const host = fakeHost();
  new SocketTap(host).expect("ws://chat/", () => assert.fail());
  assert.equal(new host.WebSocket("ws://other/").url, "ws://other/");
});

test("the wrapper is indistinguishable in use", () => {
  const host = fakeHost();
  const original = host.WebSocket;
  new SocketTap(host).expect("ws://chat/", () => {});
  const socket = new host.WebSocket("ws://other/");
  assert.ok(socket instanceof host.WebSocket && socket instanceof original);
  assert.equal(host.WebSocket.prototype, original.prototype);
  assert.equal(host.WebSocket.OPEN, 1);
  assert.equal(host.WebSocket.name, original.name);
  class Own extends host.WebSocket {}
  assert.ok(new Own("ws://other/") instanceof Own);
});

test("it is there only while something is expected", () => {
  const host = fakeHost();
  const original = host.WebSocket;
  const tap = new SocketTap(host);
  const stop = tap.expect("ws://one/", () => {});
  tap.expect("ws://two/", () => {});
  stop();
  assert.notEqual(host.WebSocket, original);
  new host.WebSocket("ws://two/");
  assert.equal(host.WebSocket, original);
});

test("somebody else's wrapper around it stays, and it works inside", () => {
  const host = fakeHost();
  const tap = new SocketTap(host);
  const stop = tap.expect("ws://one/", () => {});
  const foreign = class extends host.WebSocket {};
  host.WebSocket = foreign;
  stop();
  assert.equal(host.WebSocket, foreign);
  const seen: unknown[] = [];
  tap.expect("ws://two/", (socket) => seen.push(socket));
  const socket: unknown = new host.WebSocket("ws://two/");
  assert.deepEqual(seen, [socket]);
  assert.ok(socket instanceof FakeSocket);
});
