import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { ThemeWatch } from "../../src/diagrams/theme-watch.js";

/** Opens a page, on a system whose preference can be changed. */
function open(html: string) {
  const window = new JSDOM(html).window as unknown as Window & typeof globalThis;
  const system = Object.assign(new window.EventTarget(), { matches: false });
  Object.assign(window, { matchMedia: () => system });
  const prefer = (dark: boolean): void => {
    system.matches = dark;
    system.dispatchEvent(new window.Event("change"));
  };
  const root = window.document.documentElement;
  const watch = new ThemeWatch(root, window);
  const seen: boolean[] = [];
  const user = { themeChanged: () => void seen.push(watch.isDark) };
  watch.tell(user);
  return { root, watch, prefer, seen, user };
}

describe("ThemeWatch", () => {
  it("knows the theme and tells when it is switched, until it is stopped", async () => {
    const { root, watch, seen } = open('<html data-bs-theme="dark"></html>');
    assert.equal(watch.isDark, true);
    root.dataset["bsTheme"] = "light";
    await Promise.resolve();
    root.dataset["bsTheme"] = "dark";
    await Promise.resolve();
    assert.deepEqual(seen, [false, true]);
    watch.stop();
    root.dataset["bsTheme"] = "light";
    await Promise.resolve();
    assert.deepEqual(seen, [false, true]);
  });

  it("goes by the colour scheme where a page has no theme of Bootstrap's", async () => {
    const { root, watch, seen } = open('<html style="color-scheme: dark"></html>');
    assert.equal(watch.isDark, true);
    root.style.colorScheme = "light";
    await Promise.resolve();
    assert.deepEqual(seen, [false]);
    root.dataset["bsTheme"] = "dark";
    assert.equal(watch.isDark, true);
  });

  it("goes by the system where the page leaves it to that, and only there", () => {
    const { watch, prefer, seen } = open('<html style="color-scheme: light dark"></html>');
    assert.equal(watch.isDark, false);
    prefer(true);
    assert.deepEqual(seen, [true]);
    watch.stop();
    prefer(false);
    assert.deepEqual(seen, [true]);
    for (const html of ["<html></html>", '<html data-bs-theme="light" style="color-scheme: light dark"></html>']) {
      const page = open(html);
      page.prefer(true);
      assert.deepEqual(page.seen, [false]);
    }
  });
});
