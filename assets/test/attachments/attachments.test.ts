import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Attachments } from "../../src/attachments/attachments.js";
import { KeptFiles } from "../../src/attachments/kept-files.js";
import { UploadRules } from "../../src/attachments/upload-rules.js";
import { Draft } from "../../src/view/draft.js";
import { FakeUploader, fileRef } from "../doubles/fake-uploader.js";
import { MemoryStorage } from "../doubles/memory-storage.js";
import { ChatPage } from "../view/page.js";

describe("Attachments", () => {
  let page: ChatPage;
  let uploader: FakeUploader;
  let storage: MemoryStorage;
  let attachments: Attachments;
  let announced: string[];
  let objectUrls: Set<string>;
  let focusLost: number;

  beforeEach(() => {
    page = new ChatPage();
    uploader = new FakeUploader();
    storage = new MemoryStorage();
    announced = [];
    objectUrls = new Set();
    focusLost = 0;
    Object.assign(page.window.URL, {
      createObjectURL: ({ name }: File) => {
        objectUrls.add(`blob:${name}`);
        return `blob:${name}`;
      },
      revokeObjectURL: (url: string) => objectUrls.delete(url),
    });
    attachments = open();
  });

  const open = (): Attachments =>
    new Attachments(
      { root: page.root, composer: page.composer, button: page.part("#chat-upload"), info: page.part("#chat-data-info") },
      {
        rules: new UploadRules({ maxBytes: 10, maxFiles: 3, ttlMs: 1_000, types: ["image/*", "text/csv"] }),
        uploader,
        kept: new KeptFiles(new Draft(() => storage, "files")),
        url: (id) => `/upload/${id}`,
      },
      { announce: (sentence) => announced.push(sentence) },
      () => (focusLost += 1),
    );

  const file = (name: string, type = "image/png", content = "x"): File => new File([content], name, { type });
  const transfer = (files: readonly File[], types: readonly string[] = ["Files"], folders: readonly string[] = []) => ({
    files,
    types,
    items: files.map(({ name }) => ({
      kind: "file",
      webkitGetAsEntry: () => ({ name, isDirectory: folders.includes(name) }),
    })),
    dropEffect: "none",
  });
  const tell = (type: string, target: Element, fields: object): Event => {
    const event = Object.assign(new page.window.Event(type, { bubbles: true, cancelable: true }), fields);
    target.dispatchEvent(event);
    return event;
  };
  const paste = (files: readonly File[], types?: readonly string[]): Event =>
    tell("paste", page.field, { clipboardData: transfer(files, types) });
  const chips = (): Element[] => [...page.root.querySelectorAll(".chat-file-chip")];
  const texts = (selector: string): string[] => chips().map((chip) => chip.querySelector(selector)!.textContent!);
  const note = (): string | undefined => page.root.querySelector(".chat-file-note")?.textContent ?? undefined;

  it("takes files that are pasted, and shows them", () => {
    assert.equal(paste([file("a.png"), file("b.csv", "text/csv")]).defaultPrevented, true);
    assert.deepEqual(texts(".chat-file-chip-title"), ["a.png", "b.csv"]);
    assert.deepEqual(texts(".chat-file-chip-subtitle"), ["Uploading… 0 %", "Uploading… 0 %"]);
    uploader.uploads[0]!.events.progressed(0.456);
    assert.equal(chips()[0]!.querySelector("[role=progressbar]")!.getAttribute("aria-valuenow"), "45");
    uploader.finish();
    assert.deepEqual(texts(".chat-file-chip-subtitle"), ["PNG · 1 B", "CSV · 1 B"]);
    assert.deepEqual(announced, ["a.png is attached", "b.csv is attached"]);
    assert.equal(page.composer.hasAttribute("data-chat-attached"), true);
  });

  it("leaves pasted text alone, also with a picture of it", () => {
    assert.equal(paste([], ["text/plain"]).defaultPrevented, false);
    assert.equal(paste([file("a.png")], ["text/plain", "text/html", "Files"]).defaultPrevented, false);
    assert.equal(paste([file("a.png")], ["text/html", "Files"]).defaultPrevented, true);
    assert.equal(chips().length, 1);
  });

  it("takes files that are chosen", () => {
    const input = page.root.querySelector<HTMLInputElement>("input[type=file]")!;
    let clicks = 0;
    input.click = () => (clicks += 1);
    page.click(page.part("#chat-upload"));
    assert.equal(clicks, 1);
    assert.deepEqual([input.multiple, input.accept, input.hidden], [true, "image/*,text/csv", true]);
    Object.defineProperty(input, "files", { value: [file("a.png")] });
    input.dispatchEvent(new page.window.Event("change"));
    assert.deepEqual(texts(".chat-file-chip-title"), ["a.png"]);
    assert.equal(focusLost, 1);
    assert.equal(page.button("Attach files"), page.part("#chat-upload"));
  });

  it("takes files that are dropped on the chat, but no folders", () => {
    const dataTransfer = transfer([file("a.png"), file("folder", "")], ["Files"], ["folder"]);
    assert.equal(tell("dragenter", page.transcript, { dataTransfer }).defaultPrevented, true);
    assert.ok(page.root.querySelector(".chat-drop-overlay"));
    tell("dragleave", page.transcript, { dataTransfer, relatedTarget: page.field });
    assert.ok(page.root.querySelector(".chat-drop-overlay"));
    tell("dragleave", page.root, { dataTransfer, relatedTarget: page.window.document.body });
    assert.equal(page.root.querySelector(".chat-drop-overlay"), null);
    tell("dragover", page.transcript, { dataTransfer });
    assert.equal(dataTransfer.dropEffect, "copy");
    assert.equal(tell("drop", page.transcript, { dataTransfer }).defaultPrevented, true);
    assert.equal(page.root.querySelector(".chat-drop-overlay"), null);
    assert.deepEqual(texts(".chat-file-chip-title"), ["a.png"]);
    assert.equal(note(), "folder can't be attached: it is a folder.");
  });

  it("leaves dragged text alone", () => {
    const dataTransfer = transfer([], ["text/plain"]);
    assert.equal(tell("dragover", page.field, { dataTransfer }).defaultPrevented, false);
    assert.equal(tell("drop", page.field, { dataTransfer }).defaultPrevented, false);
    assert.equal(page.root.querySelector(".chat-drop-overlay"), null);
  });

  it("says why files can't be attached, and takes the others", () => {
    paste([file("big.png", "image/png", "x".repeat(11)), file("a.exe", "application/x-msdownload"), file("c.png")]);
    assert.match(note()!, /big\.png is too large.*a\.exe can't be attached/);
    assert.equal(page.part(".chat-file-note").getAttribute("role"), "alert");
    assert.deepEqual(texts(".chat-file-chip-title"), ["c.png"]);
    paste([file("1.png"), file("2.png"), file("3.png")]);
    assert.equal(note(), "At most 3 files can be attached to a message.");
    assert.deepEqual(texts(".chat-file-chip-title"), ["c.png", "1.png", "2.png"]);
  });

  it("waits for what is on its way, and says so", () => {
    paste([file("a.png")]);
    assert.equal(attachments.ready(), null);
    assert.match(note()!, /still being uploaded/);
    uploader.finish();
    assert.equal(note(), undefined);
    assert.deepEqual(attachments.ready(), [fileRef("a.png")]);
  });

  it("offers what has failed again, and does not forget it in a message", () => {
    paste([file("a.png")]);
    uploader.uploads[0]!.events.failed("The upload failed.", true);
    assert.deepEqual(texts(".chat-file-chip-subtitle"), ["The upload failed."]);
    assert.equal(attachments.ready(), null);
    assert.match(note()!, /not uploaded/);
    page.click(page.button("Upload a.png again"));
    assert.equal(note(), undefined);
    uploader.finish();
    assert.equal(attachments.ready()!.length, 1);
    assert.equal(page.button("Upload a.png again").hidden, true);
  });

  it("announces what has come, in whatever order, and once", () => {
    paste([file("a.png"), file("b.png")]);
    uploader.uploads[1]!.events.taken(fileRef("b.png"));
    uploader.uploads[0]!.events.progressed(0.5);
    uploader.uploads[0]!.events.taken(fileRef("a.png"));
    assert.deepEqual(announced, ["b.png is attached", "a.png is attached"]);
  });

  it("shows names without what turns the text around them", () => {
    paste([file("photo\u202egpj.png"), file("big\u202e.png", "image/png", "x".repeat(11))]);
    assert.deepEqual(texts(".chat-file-chip-title"), ["photogpj.png"]);
    assert.match(note()!, /^big\.png is too large/);
  });

  it("does not offer again what never will be taken", () => {
    paste([file("a.png")]);
    uploader.uploads[0]!.events.failed("Not this.", false);
    assert.equal(page.button("Upload a.png again").hidden, true);
  });

  it("removes a file; the focus goes to the next, then back", () => {
    paste([file("a.png"), file("b.png"), file("c.exe", "a/b")]);
    page.button("Remove b.png").focus();
    page.click(page.button("Remove b.png"));
    assert.equal(page.focused, page.button("Remove a.png"));
    page.click(page.button("Remove a.png"));
    assert.equal(focusLost, 1);
    assert.equal(page.part("#chat-data-info").childNodes.length, 0);
    assert.equal(page.composer.hasAttribute("data-chat-attached"), false);
    assert.equal(uploader.uploads.every(({ cancelled }) => cancelled), true);
  });

  it("shows pictures as long as they are needed", () => {
    paste([file("a.png"), file("b.csv", "text/csv"), file("c.svg", "image/svg+xml")]);
    assert.deepEqual(chips().map((chip) => chip.querySelector("img")?.getAttribute("src")), ["blob:a.png", undefined, undefined]);
    uploader.finish();
    attachments.sent();
    assert.equal(objectUrls.size, 0);
    assert.deepEqual(chips(), []);
  });

  it("has an icon in place of a picture that can't be shown", () => {
    paste([file("a.png")]);
    chips()[0]!.querySelector("img")!.dispatchEvent(new page.window.Event("error"));
    assert.ok(chips()[0]!.querySelector(".chat-icon-file"));
  });

  it("keeps what the server has over a page change, and no longer once it is sent", () => {
    paste([file("a.png")]);
    uploader.finish();
    paste([file("b.png")]);
    attachments.destroy();
    assert.equal(page.part("#chat-data-info").childNodes.length, 0);
    assert.equal(uploader.uploads.at(-1)!.cancelled, true);
    assert.equal(objectUrls.size, 0);
    const next = open();
    assert.deepEqual(next.ready(), [fileRef("a.png")]);
    assert.deepEqual(announced, ["a.png is attached"], "only when it was attached");
    assert.equal(chips()[0]!.querySelector("img")!.getAttribute("src"), "/upload/id of a.png");
    next.sent();
    next.destroy();
    assert.deepEqual(open().ready(), []);
  });

  it("has none to bring back where the storage holds something else", () => {
    for (const content of ["{", "{}", "null", "[null]", '[{"id": "a"}]']) {
      storage.setItem("files", content);
      assert.deepEqual(new KeptFiles(new Draft(() => storage, "files")).load(), []);
    }
  });

  it("takes back those of a message that was not sent", () => {
    attachments.restore([fileRef("a.png")]);
    assert.deepEqual(texts(".chat-file-chip-title"), ["a.png"]);
    assert.deepEqual(attachments.ready(), [fileRef("a.png")]);
  });

  it("sends no more than may go with one message, wherever they came from", () => {
    attachments.restore(["1.png", "2.png", "3.png"].map((name) => fileRef(name)));
    attachments.restore([fileRef("4.png")]);
    assert.equal(attachments.ready(), null);
    assert.equal(note(), "At most 3 files can be attached to a message.");
    page.click(page.button("Remove 4.png"));
    assert.equal(attachments.ready()!.length, 3);
  });

  it("does nothing any more once it is destroyed", () => {
    attachments.destroy();
    paste([file("a.png")]);
    tell("drop", page.transcript, { dataTransfer: transfer([file("a.png")]) });
    assert.equal(uploader.uploads.length, 0);
    assert.equal(page.root.querySelector("input[type=file]"), null);
  });
});
