import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { ThemeWatch } from "../../src/diagrams/theme-watch.js";

describe("ThemeWatch", () => {
  it("knows the theme and tells when it is switched, until it is stopped", async () => {
    const { window } = new JSDOM('<html data-bs-theme="dark"></html>');
    const root = window.document.documentElement;
    const watch = new ThemeWatch(root, window.MutationObserver);
    const seen: boolean[] = [];
    const user = { themeChanged: () => void seen.push(watch.isDark) };
    watch.tell(user);
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
    const { window } = new JSDOM('<html style="color-scheme: dark"></html>');
    const root = window.document.documentElement;
    const watch = new ThemeWatch(root, window.MutationObserver);
    let told = 0;
    watch.tell({ themeChanged: () => void (told += 1) });
    assert.equal(watch.isDark, true);
    root.style.colorScheme = "light";
    await Promise.resolve();
    assert.deepEqual([watch.isDark, told], [false, 1]);
    root.dataset["bsTheme"] = "dark";
    assert.equal(watch.isDark, true);
    watch.stop();
  });
});
