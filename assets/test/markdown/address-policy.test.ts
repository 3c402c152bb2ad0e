import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { policy } from "./policy.js";

describe("PageAddressPolicy", () => {
  const links: readonly (readonly [string, string])[] = [
    ["https://a.example/b", "external"],
    ["HTTP://a.example", "external"],
    ["mailto:a@b.example", "external"],
    ["https://dashboard.example/other", "external"],
    ["/other", "internal"],
    ["other?q=1#r", "internal"],
    ["#vizro-ws-chat-note-x-1-1", "note"],
    ["//a.example", "none"],
    ["/\\a.example", "none"],
    ["\\\\a.example", "none"],
    ["/\t/a.example", "none"],
    ["\u0001//a.example", "none"],
    ["javascript:alert(1)", "none"],
    ["java\nscript:alert(1)", "none"],
    [" javascript:alert(1)", "none"],
    ["data:image/png;base64,AA", "none"],
    ["blob:https://dashboard.example/1", "none"],
    ["https://", "none"],
  ];
  for (const [address, kind] of links) {
    it(`takes a link to ${JSON.stringify(address)} for ${kind}`, () => assert.equal(policy.link(address), kind));
  }

  const images: readonly (readonly [string, boolean])[] = [
    ["/a.png", true],
    ["https://dashboard.example/a.png", true],
    ["https://images.example/a.png", true],
    ["data:image/webp;base64,AA", true],
    ["DATA:IMAGE/PNG;base64,AA", true],
    ["data:image/svg+xml,<svg/>", false],
    ["data:text/html,a", false],
    ["//a.example/a.png", false],
    ["/\\a.example/a.png", false],
    ["/\n/a.example/a.png", false],
    ["http://images.example/a.png", false],
    ["https://images.example:8443/a.png", false],
    ["https://images.example@a.example/a.png", false],
    ["blob:https://images.example/1", false],
    ["https://", false],
  ];
  for (const [address, isAllowed] of images) {
    it(`${isAllowed ? "allows" : "refuses"} an image from ${JSON.stringify(address)}`, () =>
      assert.equal(policy.allowsImage(address), isAllowed));
  }
});
