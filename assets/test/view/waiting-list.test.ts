import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MessageFiles } from "../../src/attachments/message-files.js";
import type { WaitingState } from "../../src/state.js";
import { WaitingList } from "../../src/view/waiting-list.js";
import { fileRef } from "../doubles/fake-uploader.js";
import { ChatPage } from "./page.js";

describe("WaitingList", () => {
  let page: ChatPage;
  let list: WaitingList;
  let log: string[];

  beforeEach(() => {
    page = new ChatPage();
    log = [];
    list = new WaitingList(page.transcript, {
      files: new MessageFiles(page.window.document, (id) => `/upload/${id}`, () => false, async () => false),
      announcer: { announce: (sentence) => log.push(`say ${sentence}`) },
      onSendNow: ({ key }) => log.push(`send now ${key}`),
      onWithdraw: ({ key }) => log.push(`withdraw ${key}`),
      onReveal: () => log.push("reveal"),
      onFocusLost: () => log.push("focus lost"),
    });
    list.render([]);
  });

  const waiting = (key: string, status: WaitingState["status"], attachments: WaitingState["attachments"] = []): WaitingState => ({
    key,
    text: `Text of ${key}`,
    attachments,
    createdMs: 0,
    status,
  });
  const items = (): Element[] => [...page.transcript.querySelectorAll(".chat-message-waiting")];
  const buttons = (): string[] => [...page.transcript.querySelectorAll("button")].map(({ textContent }) => textContent);

  it("is there only while something waits", () => {
    assert.equal(page.transcript.childElementCount, 0);
    list.render([waiting("a", "queued")]);
    assert.equal(page.part('[role="group"][aria-label="Waiting messages"]').textContent, "You: Text of aQueuedWithdraw");
    list.render([]);
    assert.equal(page.transcript.childElementCount, 0);
  });

  for (const [status, note, offered] of [
    ["queued", "Queued", ["Withdraw"]],
    ["held", "Queued", ["Send now", "Withdraw"]],
    ["unsent", "Not sent yet", ["Withdraw"]],
    ["unread", "Not read yet", []],
  ] as const) {
    it(`offers what can be done with one that is ${status}`, () => {
      list.render([waiting("a", status)]);
      assert.equal(page.part(".chat-message-sentence").textContent, note);
      assert.deepEqual(buttons(), offered);
      offered.forEach((name) => page.click(page.button(name, page.transcript)));
      assert.deepEqual(log.slice(2), offered.map((name) => `${name.toLowerCase()} a`));
    });
  }

  it("shows files, and no bubble without text", () => {
    list.render([{ ...waiting("a", "queued", [fileRef("a.csv")]), text: "" }]);
    assert.match(page.part(".chat-user-attachments").textContent ?? "", /a\.csv/);
    assert.equal(page.part(".chat-user-message").hidden, true);
  });

  it("says what has come and that it is held, once, but nothing of what was there", () => {
    list.render([waiting("a", "queued")]);
    list.render([waiting("a", "queued"), waiting("b", "unread")]);
    list.render([waiting("a", "held"), waiting("b", "held")]);
    list.render([waiting("b", "held")]);
    assert.deepEqual(log, [
      "say Message queued",
      "reveal",
      "say Message sent to the answer",
      "reveal",
      "say Queued messages wait for you to send them",
    ]);
    const other = new ChatPage();
    new WaitingList(other.transcript, {
      files: { create: () => null },
      announcer: { announce: () => assert.fail("it is no news") },
      onSendNow: () => {},
      onWithdraw: () => {},
      onReveal: () => assert.fail("nobody did anything"),
      onFocusLost: () => {},
    }).render([waiting("a", "held")]);
  });

  it("keeps what has not changed, and passes the focus on when its message goes", () => {
    list.render([waiting("a", "held"), waiting("b", "held")]);
    const [, b] = items();
    page.button("Withdraw", items()[0]!).focus();
    list.render([waiting("b", "held")]);
    assert.deepEqual(items(), [b]);
    assert.equal(log.at(-1), "focus lost");
  });
});
