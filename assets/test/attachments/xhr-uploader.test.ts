import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { XhrUploader } from "../../src/attachments/xhr-uploader.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { fileRef } from "../doubles/fake-uploader.js";

class FakeRequest {
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  status = 0;
  responseText = "";
  url = "";
  sent: unknown = null;
  aborted = false;

  open(method: string, url: string): void {
    this.url = `${method} ${url}`;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(body: unknown): void {
    this.sent = body;
  }

  abort(): void {
    this.aborted = true;
  }

  answer(status: number, body: string): void {
    this.status = status;
    this.responseText = body;
    this.onload?.();
  }
}

describe("XhrUploader", () => {
  let request: FakeRequest;
  let clock: FakeClock;
  let told: unknown[];

  beforeEach(() => {
    request = new FakeRequest();
    clock = new FakeClock();
    told = [];
  });

  const upload = (file = new File(["x"], "a.png", { type: "image/png" })): (() => void) =>
    new XhrUploader({
      base: "/_chat/",
      chat: "my chat",
      clock,
      createRequest: () => request as unknown as XMLHttpRequest,
    }).upload(file, {
      progressed: (share) => told.push(share),
      taken: (ref) => told.push(ref),
      failed: (sentence, again) => told.push(sentence, again),
    });

  it("sends the file itself, its name where no log has it", () => {
    const file = new File(["x"], "Bär \ud83d.png", { type: "image/png" });
    upload(file);
    assert.equal(request.url, "POST /_chat/upload?chat=my%20chat");
    assert.equal(request.sent, file);
    assert.deepEqual(request.headers, {
      "Content-Type": "application/octet-stream",
      "X-Vizro-WS-Chat": "1",
      "X-Vizro-WS-Chat-File": "B%C3%A4r%20%EF%BF%BD.png",
      "X-Vizro-WS-Chat-File-Type": "image/png",
    });
  });

  it("tells how far it has come, and what the server keeps", () => {
    upload();
    request.upload.onprogress!({ loaded: 1, total: 4 });
    request.upload.onprogress!({ loaded: 0, total: 0 });
    request.answer(200, JSON.stringify([{ type: "uploaded", file: fileRef("a.png") }]));
    assert.deepEqual(told, [0.25, 0, fileRef("a.png")]);
    assert.equal(clock.pending, 0);
  });

  it("tells a refusal in the server's words", () => {
    upload();
    request.answer(415, JSON.stringify([{ type: "refused", code: "file-type", text: "Not this." }]));
    upload();
    request.answer(503, JSON.stringify([{ type: "refused", code: "busy", text: "Busy.", retry_ms: 2_000 }]));
    assert.deepEqual(told, ["Not this.", false, "Busy.", true]);
  });

  it("tells what a proxy has answered", () => {
    upload();
    request.answer(413, "<html>");
    upload();
    request.answer(502, "<html>");
    assert.deepEqual(told, ["This file is too large for the server.", false, "The upload failed.", true]);
  });

  it("tells a network that fails", () => {
    upload();
    request.onerror!();
    assert.deepEqual(told, ["The upload failed.", true]);
    assert.equal(clock.pending, 0);
  });

  it("gives up when nothing moves, but not while something does", () => {
    upload();
    clock.pass(29_000);
    request.upload.onprogress!({ loaded: 1, total: 2 });
    clock.pass(29_000);
    assert.deepEqual(told, [0.5]);
    clock.pass(1_000);
    assert.deepEqual(told, [0.5, "The upload failed.", true]);
    assert.equal(request.aborted, true);
  });

  it("tells nothing when it is cancelled", () => {
    const cancel = upload();
    cancel();
    assert.equal(request.aborted, true);
    assert.equal(request.onload, null);
    assert.equal(clock.pending, 0);
    assert.deepEqual(told, []);
  });

  it("lets go what the server has taken", () => {
    const uploader = new XhrUploader({
      base: "/_chat/",
      chat: "my chat",
      clock,
      createRequest: () => request as unknown as XMLHttpRequest,
    });
    uploader.discard({ ...fileRef("a.png"), id: "id-1" });
    assert.equal(request.url, "DELETE /_chat/upload/id-1?chat=my%20chat");
    assert.deepEqual(request.headers, { "X-Vizro-WS-Chat": "1" });
    assert.equal(request.sent, undefined);
  });
});
