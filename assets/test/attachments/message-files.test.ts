import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileUrl } from "../../src/attachments/file-url.js";
import { MessageFiles } from "../../src/attachments/message-files.js";
import { fileRef } from "../doubles/fake-uploader.js";
import { ChatPage, question } from "../view/page.js";

describe("MessageFiles", () => {
  const page = new ChatPage();
  const create = (isExpired: boolean, attachments = [fileRef("a.png"), fileRef("b.pdf", "application/pdf")]) =>
    new MessageFiles(page.window.document, (id) => fileUrl("/base/", "my chat", id), () => isExpired).create({
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

  it("sees from a picture that does not come that the file has gone", () => {
    const list = create(false)!;
    list.querySelector("img")!.dispatchEvent(new page.window.Event("error"));
    assert.equal(list.querySelectorAll("a").length, 1);
    assert.match(list.firstChild!.textContent!, /no longer on the server/);
  });

  it("is nothing for a message without files", () => {
    assert.equal(create(false, []), null);
  });
});
