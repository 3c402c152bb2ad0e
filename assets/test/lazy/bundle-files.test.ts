import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { BundleFiles } from "../../src/lazy/bundle-files.js";

const SCRIPT = "https://host.example/sub/_dash-component-suites/vizro_ws_chat/static/chat.v0_1_0m17.js";
const FOLDER = "https://host.example/sub/_dash-component-suites/vizro_ws_chat/static/";

describe("BundleFiles", () => {
  let window: JSDOM["window"];
  let files: BundleFiles;

  beforeEach(() => {
    window = new JSDOM().window;
    files = new BundleFiles(window as unknown as Window, SCRIPT, { "math.css": "math.v0mabc.css" });
  });

  it("finds what lies beside the script, under its fingerprinted name", () => {
    assert.equal(files.url("math.css", 1), `${FOLDER}math.v0mabc.css`);
  });

  it("asks under another address when it asks again", () => {
    assert.equal(files.url("math.css", 2), `${FOLDER}math.v0mabc.css?attempt=2`);
  });

  it("has a style sheet when it is loaded", async () => {
    const loading = files.styleSheet("math.css", 1);
    const link = window.document.head.querySelector("link")!;
    assert.equal(link.rel, "stylesheet");
    assert.equal(link.href, `${FOLDER}math.v0mabc.css`);
    link.dispatchEvent(new window.Event("load"));
    await loading;
    assert.ok(link.isConnected);
  });

  it("leaves nothing of a style sheet that does not come", async () => {
    const loading = files.styleSheet("math.css", 1);
    window.document.head.querySelector("link")!.dispatchEvent(new window.Event("error"));
    await assert.rejects(loading, /math\.v0mabc\.css did not come/);
    assert.equal(window.document.head.childElementCount, 0);
  });
});
