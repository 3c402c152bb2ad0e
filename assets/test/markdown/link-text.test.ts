import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { hiddenHost } from "../../src/markdown/link-text.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import { createWidgets } from "../doubles/widgets.js";
import { OneShot } from "./one-shot.js";
import { policy } from "./policy.js";

const HONEST: readonly (readonly [text: string, address: string])[] = [
  ["the manual", "https://docs.example/manual"],
  ["https://docs.example/manual.html", "https://docs.example/manual.html"],
  ["docs.example", "https://docs.example"],
  ["DOCS.example", "https://www.docs.example"],
  ["www.docs.example", "https://docs.example:8443"],
  ["frame.head()", "https://pandas.example"],
  ["version 1.5", "https://docs.example"],
  ["ada.lovelace@mail.example", "mailto:ada.lovelace@mail.example"],
  ["write to us", "mailto:ada@mail.example"],
  ["ada@mail.example", "mailto:ada@mail.example?subject=Hello"],
  ["docs.example/manual.html", "https://docs.example/manual.html"],
];

const MISLEADING: readonly (readonly [text: string, address: string, host: string])[] = [
  ["bank.example", "https://evil.example", "evil.example"],
  ["https://bank.example/login", "https://evil.example/bank.example", "evil.example"],
  ["https://bank.example@evil.example", "https://bank.example@evil.example", "evil.example"],
  ["bank.example", "https://bank.example.evil.example", "bank.example.evil.example"],
  ["evil.example.bank.example", "https://evil.example", "evil.example"],
  ["b\u0430nk.example", "https://b\u0430nk.example", "xn--bnk-6cd.example"],
  ["bank\uff0eexample", "https://evil.example", "evil.example"],
  ["ba\u200bnk.example", "https://bank.example", "bank.example"],
  ["ada@bank.example", "mailto:ada@evil.example", "evil.example"],
  ["bank.example", "mailto:ada@evil.example", "evil.example"],
  ["bank\u200b.example", "https://evil.example", "evil.example"],
  ["bank\u00ad.example", "https://evil.example", "evil.example"],
  ["bank\u034f.example", "https://evil.example", "evil.example"],
  ["bank\u200a.example", "https://evil.example", "evil.example"],
  ["bank\u3002example", "https://evil.example", "evil.example"],
  ["bank.example(login)", "https://evil.example", "evil.example"],
  ["192.168.1.10", "https://evil.example", "evil.example"],
  ["http://localhost:8050/admin", "https://evil.example", "evil.example"],
  ["https://intranet/login", "https://evil.example", "evil.example"],
  ["evil.example https://bank.example/login", "https://evil.example", "evil.example"],
  ["https://evil.example@bank.example/", "https://evil.example", "evil.example"],
  ["https://:bank.example@evil.example/", "https://:bank.example@evil.example/", "evil.example"],
  ["support@bank.example", "mailto:ada@evil.example,support@bank.example", "evil.example, bank.example"],
  ["support@bank.example", "mailto:support@bank.example?bcc=ada@evil.example", "bank.example, evil.example"],
];

describe("hiddenHost", () => {
  for (const [text, address] of HONEST) {
    it(`lets "${text}" lead to ${address}`, () => assert.equal(hiddenHost(text, address), null));
  }
  for (const [text, address, host] of MISLEADING) {
    it(`says that ${JSON.stringify(text)} leads to ${host}`, () => assert.equal(hiddenHost(text, address), host));
  }
});

describe("a link in an answer", () => {
  const { window } = new JSDOM();
  const oneShot = new OneShot(new Sanitizer(window, policy), createWidgets(window));
  const render = (text: string): string => oneShot.html(text, true);

  it("says where it leads when its text names another place", () => {
    assert.match(
      render("[**bank**.example](https://evil.example/x) and"),
      /<strong>bank<\/strong>\.example<\/a> <span class="chat-link-host" dir="ltr">\(evil\.example\)<\/span> and/,
    );
    assert.match(render("[`bank.example`][1]\n\n[1]: https://evil.example"), /\(evil\.example\)/);
    assert.doesNotMatch(render("[bank.example](https://bank.example) <https://bank.example> a@bank.example"), /chat-link-host/);
  });

  it("does not say so of the dashboard's own pages", () => {
    assert.doesNotMatch(render("[bank.example](/page)"), /chat-link-host/);
  });

  it("has no characters that turn its direction", () => {
    assert.match(render("[\u202eelpmaxe.knab\u202c](https://evil.example)"), />elpmaxe\.knab<\/a> <span[^>]*>\(evil\.example\)/);
    assert.match(render("a \u202eb"), /a \u202eb/);
  });

  it("looks at pictures that are links and at formulas, too", () => {
    for (const text of [
      "[![bank.example](https://img.example/a.png)](https://evil.example)",
      "![bank.example](https://evil.example)",
      "![bank.ex\u202eample](https://evil.example)",
      "[$\\text{bank.example}$](https://evil.example)",
      "[`bank.example`](https://evil.example)",
    ]) {
      const html = render(text);
      assert.match(html, /<span class="chat-link-host" dir="ltr">\(evil\.example\)<\/span>/, text);
      assert.doesNotMatch(html, /\u202e/);
    }
  });
});
