import assert from "node:assert/strict";
import type { DashId } from "../../src/dash";
import { beforeEach, test } from "node:test";
import { SocketTap } from "../../src/transport/socket-tap";
import { WebSocketTransport } from "../../src/transport/websocket-transport";
import { FakeClock } from "../doubles/fake-clock";
import { fakeHost, FakeSocket } from "../doubles/fake-socket";
import { Recorder } from "../doubles/recorder";

const URL = "ws://host/_vizro_ws_chat/ws?chat=chat&attempt=1";

/** What dash_extensions.WebSocket does with its URL: a socket for a new one, its own handlers, no word when it closes. */
class Component {
  readonly host = fakeHost();
  readonly messages: unknown[] = [];
  /** Whether Dash knows the component already. */
  ready = true;
  url: unknown = undefined;
  state: unknown = undefined;
  socket: FakeSocket | null = null;

  readonly setProps = (id: DashId, props: Readonly<Record<string, unknown>>): boolean => {
    assert.equal(id, "socket");
    if (!this.ready) {
      return false;
    }
    this.state = props["state"] ?? this.state;
    if (props["url"] !== this.url) {
      this.url = props["url"];
      this.socket?.close();
      this.socket = this.url ? (new this.host.WebSocket(String(this.url)) as unknown as FakeSocket) : null;
      if (this.socket) {
        this.socket.onmessage = (event) => this.messages.push(event);
      }
    }
    return true;
  };
}

let component: Component;
let clock: FakeClock;
let chat: Recorder;

function transport(): WebSocketTransport {
  const { setProps, host } = component;
  return new WebSocketTransport({ component: "socket", url: URL, setProps, tap: new SocketTap(host), clock }, chat, chat);
}

function socket(): FakeSocket {
  assert.ok(component.socket);
  return component.socket;
}

beforeEach(() => {
  component = new Component();
  clock = new FakeClock();
  chat = new Recorder();
});

test("hello goes first, over the component's own socket", () => {
  chat.onOpened = () => link.send([{ type: "ping" }]);
  const link = transport();
  link.open();
  assert.equal(link.listening, true);
  assert.deepEqual(chat.log, []);
  socket().opens();
  assert.deepEqual(socket().sent.map((text) => JSON.parse(text) as unknown), [[chat.hello()], [{ type: "ping" }]]);
});

test("messages reach the chat and never the component", async () => {
  const link = transport();
  link.open();
  await Promise.resolve();
  socket().opens();
  for (let count = 0; count < 100; count++) {
    socket().receives('[{"type":"pong"}]');
  }
  assert.equal(chat.frames.length, 100);
  assert.deepEqual(component.messages, []);
});

test("the component's handler is one that would have been called", async () => {
  component.setProps("socket", { url: "ws://other/" });
  await Promise.resolve();
  socket().receives("x");
  assert.equal(component.messages.length, 1);
});

test("a component that Dash does not know yet is asked again", () => {
  component.ready = false;
  const link = transport();
  link.open();
  clock.pass(1_000);
  component.ready = true;
  clock.pass(250);
  socket().opens();
  assert.deepEqual(chat.log, ["opened"]);
});

test("a component that never makes a socket is a failed attempt", () => {
  component.ready = false;
  const original = component.host.WebSocket;
  transport().open();
  clock.pass(4_000);
  assert.deepEqual(chat.log, ["closed"]);
  assert.equal(component.host.WebSocket, original);
  assert.equal(clock.pending, 0);
});

test("so is a server that says nothing", () => {
  transport().open();
  const made = socket();
  made.opens();
  clock.pass(10_000);
  assert.deepEqual(chat.log, ["opened", "closed"]);
  assert.equal(made.closed, true);
});

test("the socket's end is told once", () => {
  const link = transport();
  link.open();
  socket().opens();
  socket().ends();
  socket().ends();
  link.close();
  assert.deepEqual(chat.log, ["opened", "closed"]);
  assert.equal(link.listening, false);
  assert.equal(clock.pending, 0);
});

test("closing takes the component's URL away and keeps its state true", () => {
  const link = transport();
  link.open();
  const made = socket();
  made.opens();
  link.close();
  assert.equal(component.url, "");
  assert.deepEqual(component.state, { readyState: 3 });
  assert.equal(made.closed, true);
  made.ends();
  assert.deepEqual(chat.log, ["opened"]);
  assert.equal(clock.pending, 0);
});

test("what is not the protocol ends the attempt", () => {
  transport().open();
  socket().opens();
  socket().receives("hello");
  assert.deepEqual(chat.log, ["opened", "closed"]);
});

test("it tells what has not left the browser", () => {
  const link = transport();
  assert.equal(link.unsentBytes, 0);
  link.open();
  socket().bufferedAmount = 7;
  assert.equal(link.unsentBytes, 7);
});

test("a probe is a ping", () => {
  const link = transport();
  link.open();
  socket().opens();
  link.probe();
  assert.deepEqual(JSON.parse(socket().sent.at(-1) ?? ""), [{ type: "ping" }]);
});

test("each frame is a message of its own", () => {
  const link = transport();
  link.open();
  socket().opens();
  link.send([{ type: "ping" }, { type: "ping" }]);
  assert.equal(socket().sent.length, 3);
});

test("an answer to a ping tells what was read before it", () => {
  const link = transport();
  link.open();
  socket().opens();
  link.send([{ type: "cancel", run: "run" }, { type: "ping" }]);
  socket().receives('[{"type":"ping"}]');
  assert.deepEqual(chat.delivery, []);
  socket().receives('[{"type":"pong"}]');
  assert.deepEqual(chat.delivery, [chat.hello(), { type: "cancel", run: "run" }]);
});
