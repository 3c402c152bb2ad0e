import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { keepOver } from "../src/keep-over";

test("saves when the page is left or hidden, and begins again when it is taken out of the browser's cache", () => {
  const { window } = new JSDOM("", { pretendToBeVisual: true });
  const log: string[] = [];
  const stop = keepOver(window as unknown as Window, { save: () => log.push("save"), restore: () => log.push("restore") });
  const setVisible = (state: DocumentVisibilityState) => {
    Object.defineProperty(window.document, "visibilityState", { value: state, configurable: true });
    window.document.dispatchEvent(new window.Event("visibilitychange"));
  };
  const show = (persisted: boolean) => window.dispatchEvent(new window.PageTransitionEvent("pageshow", { persisted }));
  show(false);
  setVisible("hidden");
  window.dispatchEvent(new window.Event("pagehide"));
  assert.deepEqual(log, ["save", "save"]);
  setVisible("visible");
  show(true);
  assert.deepEqual(log.slice(2), ["restore"]);
  stop();
  setVisible("hidden");
  show(true);
  assert.equal(log.length, 3);
});
