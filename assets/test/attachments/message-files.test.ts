import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileUrl, isFileGone } from "../../src/attachments/file-url.js";
import { MessageFiles } from "../../src/attachments/message-files.js";
import { fileRef } from "../doubles/fake-uploader.js";
import { ChatPage, question } from "../view/page.js";

describe("MessageFiles", () => {
  const page = new ChatPage();
  const FILES = [fileRef("a.png"), fileRef("b.pdf", "application/pdf")];
  const create = (isExpired: boolean, attachments = FILES, fetch: typeof window.fetch = async () => assert.fail()) =>
    new MessageFiles(
      page.window.document,
      (id) => fileUrl("/base/", "my chat", id),
      () => isExpired,
      (url) => isFileGone(fetch, url),
    ).create({
      ...question("a", ""),
      attachments,
    });

  it("links to the files of a message, and shows the pictures among them", () => {
    const links = [...create(false)!.querySelectorAll("a")];
    const urls = ["/base/upload/id%20of%20a.png?chat=my%20chat", "/base/upload/id%20of%20b.pdf?chat=my%20chat"];
    assert.deepEqual(links.map((link) => link.getAttribute("href")), urls);
    assert.deepEqual(links.map((link) => [link.target, link.rel]), Array(2).fill(["_blank", "noopener noreferrer"]));
    assert.deepEqual(links.map((link) => link.querySelector("img")?.getAttribute("src")), [urls[0], undefined]);
    assert.deepEqual(links.map((link) => link.textContent), ["a.pngPNG · 1.2 KB", "b.pdfPDF · 1.2 KB"]);
  });

  it("has only names of what is no longer on the server", () => {
    const list = create(true)!;
    assert.equal(list.querySelectorAll("a, img").length, 0);
    assert.match(list.textContent!, /a\.pngPNG · 1\.2 KB · no longer on the server/);
  });

  /** The files of a message whose picture is not shown. */
  const broken = async (fetch: typeof window.fetch): Promise<HTMLElement> => {
    const list = create(false, FILES, fetch)!;
    list.querySelector("img")!.dispatchEvent(new page.window.Event("error"));
    await new Promise(setImmediate);
    return list;
  };

  it("keeps the link of a picture that is none, or could not be asked for", async () => {
    for (const fetch of [async () => new Response(), async () => Promise.reject(new TypeError("offline"))]) {
      const list = await broken(fetch);
      assert.equal(list.querySelectorAll("a").length, 2);
      assert.equal(list.querySelectorAll("img").length, 0);
      assert.doesNotMatch(list.textContent!, /no longer/);
    }
  });

  it("sees from a picture that does not come that the file has gone", async () => {
    const list = await broken(async () => new Response(null, { status: 404 }));
    assert.equal(list.querySelectorAll("a").length, 1);
    assert.match(list.firstChild!.textContent!, /no longer on the server/);
  });

  it("is nothing for a message without files", () => {
    assert.equal(create(false, []), null);
  });
});
