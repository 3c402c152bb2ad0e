import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { CopyButton } from "../../src/view/copy-button.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { ChatPage } from "./page.js";

describe("CopyButton", () => {
  let page: ChatPage;
  let clock: FakeClock;
  let copied: string[];
  let announced: string[];
  let works: boolean;

  beforeEach(() => {
    page = new ChatPage();
    clock = new FakeClock();
    copied = [];
    announced = [];
    works = true;
  });

  function create(caption?: string): HTMLButtonElement {
    const { element } = new CopyButton({
      document: page.window.document,
      tools: {
        clipboard: {
          copyText: async (text) => {
            copied.push(text);
            return works;
          },
        },
        announcer: { announce: (sentence) => announced.push(sentence) },
        clock,
      },
      label: "Copy code",
      ...(caption === undefined ? {} : { caption }),
      text: () => "x = 1",
    });
    return element;
  }

  async function click(button: HTMLButtonElement): Promise<void> {
    page.click(button);
    await new Promise(setImmediate);
  }

  it("copies, says so, and is itself again after a while", async () => {
    const button = create("Copy");
    await click(button);
    assert.deepEqual(copied, ["x = 1"]);
    assert.deepEqual(announced, ["Copied"]);
    assert.equal(button.textContent, "Copied");
    assert.equal(button.dataset["outcome"], "copied");
    assert.equal(button.getAttribute("aria-label"), "Copy code");
    assert.ok(button.querySelector(".chat-icon-check") && !button.querySelector(".chat-icon-copy"));
    clock.pass(2_000);
    assert.ok(button.querySelector(".chat-icon-copy") && !button.querySelector(".chat-icon-check"));
    assert.equal(button.textContent, "Copy");
    assert.equal(button.dataset["outcome"], undefined);
    assert.equal(button.title, "Copy code");
  });

  it("shows it for the full time after each click", async () => {
    const button = create("Copy");
    await click(button);
    clock.pass(1_500);
    await click(button);
    clock.pass(1_500);
    assert.equal(button.textContent, "Copied");
    assert.equal(clock.pending, 1);
  });

  it("has no text beside the icon unless given one", async () => {
    const button = create();
    await click(button);
    assert.equal(button.textContent, "");
    assert.equal(button.title, "Copied");
  });

  it("says when the browser refuses", async () => {
    works = false;
    const button = create();
    await click(button);
    assert.deepEqual(announced, ["The browser did not allow copying"]);
    assert.equal(button.dataset["outcome"], "failed");
  });
});
