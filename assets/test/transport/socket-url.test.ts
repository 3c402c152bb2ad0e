import assert from "node:assert/strict";
import { test } from "node:test";
import { socketUrl } from "../../src/transport/socket-url";

test("the page's host, encrypted as the page is", () => {
  assert.equal(
    socketUrl("http://host:8050/page?x=1#y", "/sub/_vizro_ws_chat/", "a chat", 3),
    "ws://host:8050/sub/_vizro_ws_chat/ws?chat=a+chat&attempt=3",
  );
  assert.equal(socketUrl("https://host/", "/b/", "c", 1), "wss://host/b/ws?chat=c&attempt=1");
});
