import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { ConnectionState } from "../../src/state.js";
import { ConnectionLine } from "../../src/view/connection-line.js";
import { chat, ChatPage } from "./page.js";

describe("ConnectionLine", () => {
  let page: ChatPage;
  let line: ConnectionLine;
  let log: string[];

  beforeEach(() => {
    page = new ChatPage();
    log = [];
    line = new ConnectionLine(page.status, {
      tryNow: () => log.push("try now"),
      focusLost: () => log.push("focus lost"),
    });
  });

  const sentence = (): HTMLElement => page.part('.chat-connection [role="status"]');
  const button = (): HTMLElement => page.part(".chat-connection button");

  function render(connection: ConnectionState, rest: { stalled?: boolean; notice?: string } = {}): string | null {
    line.render(chat([], { connection, stalled: true, ...rest }));
    return sentence().textContent;
  }

  it("says nothing until something waits for the connection", () => {
    assert.equal(render("reconnecting", { stalled: false }), "");
    assert.equal(button().hidden, true);
  });

  for (const [state, text] of [
    ["connecting", "Connecting…"],
    ["reconnecting", "Reconnecting…"],
    ["closing", "Reconnecting…"],
    ["offline", "You are offline. Nothing is lost."],
    ["open", ""],
  ] as const) {
    it(`says of ${state}: ${text}`, () => {
      assert.equal(render(state), text);
      assert.equal(button().hidden, text === "");
    });
  }

  it("leaves the word to the server's own notice", () => {
    assert.equal(render("reconnecting", { notice: "Many are here." }), "");
  });

  it("offers to try now", () => {
    render("reconnecting");
    page.click(button());
    assert.deepEqual(log, ["try now"]);
  });

  it("tells when it takes the focus with it, and only then", () => {
    render("reconnecting");
    render("open");
    assert.deepEqual(log, []);
    render("reconnecting");
    button().focus();
    render("offline");
    assert.deepEqual(log, []);
    render("open");
    assert.deepEqual(log, ["focus lost"]);
  });

  it("speaks once, in a live region that was there before", () => {
    const region = sentence();
    render("reconnecting");
    const observer = new page.window.MutationObserver(() => undefined);
    observer.observe(page.status, { subtree: true, childList: true, characterData: true, attributes: true });
    render("reconnecting");
    assert.deepEqual(observer.takeRecords(), []);
    assert.equal(sentence(), region);
  });

  it("leaves nothing behind", () => {
    line.destroy();
    assert.equal(page.status.childElementCount, 0);
  });
});
