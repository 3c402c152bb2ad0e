import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { hasDevTools } from "../../src/inspector/dev-tools.js";

function pageWith(config: string): Document {
  return new JSDOM(`<script id="_dash-config" type="application/json">${config}</script>`).window.document;
}

describe("hasDevTools", () => {
  it("holds where Dash says so", () => {
    assert.equal(hasDevTools(pageWith('{"ui":true}')), true);
  });

  for (const config of ['{"ui":false}', '{"ui":"true"}', "{}", "null", "not JSON", ""]) {
    it(`does not hold with ${config || "nothing"}`, () => {
      assert.equal(hasDevTools(pageWith(config)), false);
    });
  }

  it("does not hold on a page that is not Dash's", () => {
    assert.equal(hasDevTools(new JSDOM().window.document), false);
  });
});
