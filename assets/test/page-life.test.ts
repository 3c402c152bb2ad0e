import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { browserPage } from "../src/page-life";

/** A document whose visibility the test decides. */
function page() {
  const { window } = new JSDOM("", { pretendToBeVisual: true });
  const log: string[] = [];
  const life = browserPage(window as unknown as Window);
  const unlisten = life.listen({
    online: () => log.push("online"),
    offline: () => log.push("offline"),
    shown: () => log.push("shown"),
  });
  const setVisible = (state: DocumentVisibilityState) => {
    Object.defineProperty(window.document, "visibilityState", { value: state, configurable: true });
    window.document.dispatchEvent(new window.Event("visibilitychange"));
  };
  const show = (persisted: boolean) => window.dispatchEvent(new window.PageTransitionEvent("pageshow", { persisted }));
  return { window, log, life, unlisten, setVisible, show };
}

test("tells of the network and of waking up", () => {
  const { window, log, life, setVisible, show } = page();
  assert.equal(life.online, true);
  window.dispatchEvent(new window.Event("offline"));
  window.dispatchEvent(new window.Event("online"));
  setVisible("hidden");
  assert.deepEqual(log, ["offline", "online"]);
  setVisible("visible");
  show(false);
  assert.deepEqual(log.slice(2), ["shown"]);
  show(true);
  assert.deepEqual(log.slice(2), ["shown", "shown"]);
});

test("is quiet when nobody listens any more", () => {
  const { window, log, unlisten, setVisible, show } = page();
  unlisten();
  window.dispatchEvent(new window.Event("online"));
  setVisible("visible");
  show(true);
  assert.deepEqual(log, []);
});
