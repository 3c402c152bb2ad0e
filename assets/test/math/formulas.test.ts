import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { typesetter } from "../../src/math/bundle/main.js";
import { Formulas } from "../../src/math/formulas.js";
import { FakeBundles } from "../doubles/bundles.js";

const { document } = new JSDOM("<!doctype html>").window;
// KaTeX knows no other document.
Object.assign(globalThis, { document });

describe("Formulas", () => {
  let holder: HTMLElement;
  let watched: string[];

  beforeEach(() => {
    holder = document.createElement("div");
    watched = [];
  });

  function create(bundles: FakeBundles): Formulas {
    const { work } = bundles;
    return new Formulas({
      typesetter: bundles.typesetter,
      regions: { watch: (_scroller, _content, name) => watched.push(name) },
      work,
    });
  }

  const inline = '<p>so <span class="chat-math">x^2</span></p>';
  const element = (): HTMLElement => holder.querySelector<HTMLElement>(".chat-math")!;

  it("are their source until the bundle is there", async () => {
    holder.innerHTML = inline;
    create(new FakeBundles({ typesetter })).typesetIn([holder]);
    assert.equal(element().innerHTML, "x^2");
    await new Promise(setImmediate);
    assert.ok(element().querySelector("math msup"));
    assert.equal(element().dataset["chatSource"], "x^2");
  });

  it("load nothing where there are none, or none that is complete", () => {
    const bundles = new FakeBundles();
    const formulas = create(bundles);
    holder.innerHTML = '<p>so</p><div class="chat-math chat-math-display chat-math-open">x</div>';
    formulas.typesetIn([holder, document.createTextNode("x")]);
    assert.deepEqual(bundles.asked, []);
  });

  it("are set once", async () => {
    const formulas = create(await FakeBundles.loaded({ typesetter }));
    holder.innerHTML = inline;
    formulas.typesetIn([holder]);
    const shown = element().firstChild;
    formulas.typesetIn([holder]);
    assert.ok(shown);
    assert.equal(element().firstChild, shown);
  });

  it("are what their element says when the bundle comes", async () => {
    const formulas = create(new FakeBundles({ typesetter }));
    holder.innerHTML = inline;
    formulas.typesetIn([holder]);
    element().textContent = "y";
    formulas.typesetIn([holder]);
    await new Promise(setImmediate);
    assert.equal(element().dataset["chatSource"], "y");
  });

  it("can be scrolled when they stand on lines of their own", async () => {
    holder.innerHTML = '<div class="chat-math chat-math-display">x</div>';
    create(await FakeBundles.loaded({ typesetter })).typesetIn([...holder.childNodes]);
    assert.ok(element().querySelector(".katex-display"));
    assert.deepEqual(watched, ["Formula"]);
  });

  for (const source of ["\\frac{a", "\\unknown", "\\def\\a{\\a\\a}\\a"]) {
    it(`show the source of ${source}, which can't be set`, async () => {
      holder.innerHTML = '<span class="chat-math"></span>';
      element().textContent = source;
      create(await FakeBundles.loaded({ typesetter })).typesetIn([holder]);
      assert.equal(element().innerHTML, source);
      assert.equal(element().dataset["outcome"], "failed");
    });
  }

  for (const source of ["\\href{https://a.example}{x}", "\\url{https://a.example}", "\\includegraphics{https://a.example/b.png}", "\\htmlClass{a}{x}"]) {
    it(`neither link nor load anything for ${source}`, async () => {
      holder.innerHTML = '<span class="chat-math"></span>';
      element().textContent = source;
      create(await FakeBundles.loaded({ typesetter })).typesetIn([holder]);
      assert.equal(holder.querySelector("a, img, [href], [src], .a"), null);
    });
  }

  it("are their source where setting them would take the page down", async () => {
    const costly = [
      `\\def\\a{${"x".repeat(1_000)}}${"\\a".repeat(40)}`,
      "\\newcommand{\\a}{x}\\a",
      `${"\\sqrt{".repeat(150)}x${"}".repeat(150)}`,
      `${"x^{".repeat(480)}x${"}".repeat(480)}`,
    ];
    for (const source of costly) {
      holder.innerHTML = `<p><span class="chat-math">${source}</span></p>`;
      create(new FakeBundles({ typesetter })).typesetIn([holder]);
      await new Promise(setImmediate);
      assert.equal(element().textContent, source);
      assert.equal(element().dataset["outcome"], "failed");
    }
  });

  it("may be nested as deeply as anybody writes them", async () => {
    const source = `${"\\frac{1}{1+".repeat(12)}x${"}".repeat(12)}`;
    holder.innerHTML = `<p><span class="chat-math">${source}</span></p>`;
    create(new FakeBundles({ typesetter })).typesetIn([holder]);
    await new Promise(setImmediate);
    assert.ok(element().querySelector("math mfrac"));
  });
});
