import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { UploadQueue } from "../../src/attachments/upload-queue.js";
import { FakeUploader, fileRef } from "../doubles/fake-uploader.js";

describe("UploadQueue", () => {
  let uploader: FakeUploader;
  let queue: UploadQueue;
  let changes: number;

  beforeEach(() => {
    uploader = new FakeUploader();
    changes = 0;
    queue = new UploadQueue(uploader, () => (changes += 1));
  });

  const file = (name: string): File => new File(["x"], name, { type: "image/png" });
  const statuses = (): string[] => queue.uploads.map(({ status }) => status);

  it("uploads what is added, two at once", () => {
    queue.add([file("a"), file("b"), file("c")]);
    assert.deepEqual(statuses(), ["uploading", "uploading", "waiting"]);
    uploader.uploads[0]!.events.taken(fileRef("a"));
    assert.deepEqual(statuses(), ["taken", "uploading", "uploading"]);
    uploader.finish();
    assert.deepEqual(queue.refs.map(({ name }) => name), ["a", "b", "c"]);
  });

  it("tells how far it has come", () => {
    queue.add([file("a"), file("b")]);
    const [, other] = queue.uploads;
    const before = changes;
    uploader.uploads[0]!.events.progressed(0.5);
    assert.equal(queue.uploads[0]!.progress, 0.5);
    assert.equal(queue.uploads[1], other);
    assert.equal(changes, before + 1);
  });

  it("cancels what is removed on its way, and lets the next begin", () => {
    queue.add([file("a"), file("b"), file("c")]);
    queue.remove(queue.uploads[0]!.key);
    assert.equal(uploader.uploads[0]!.cancelled, true);
    assert.deepEqual(uploader.uploads.map(({ file: { name } }) => name), ["a", "b", "c"]);
  });

  it("lets go what the server has, when it is removed", () => {
    queue.add([file("a"), file("b")]);
    uploader.uploads[0]!.events.taken(fileRef("a"));
    queue.remove(queue.uploads[1]!.key);
    assert.deepEqual(uploader.discarded, [], "the other had not come yet");
    queue.remove(queue.uploads[0]!.key);
    assert.deepEqual(uploader.discarded, ["a"]);
    queue.restore([fileRef("c")]);
    queue.clear();
    assert.deepEqual(uploader.discarded, ["a"], "a message has taken the rest along");
  });

  it("tries again what has failed", () => {
    queue.add([file("a")]);
    uploader.uploads[0]!.events.failed("No.", true);
    assert.equal(queue.has("failed"), true);
    assert.deepEqual(queue.uploads[0]!.failure, { sentence: "No.", again: true });
    queue.retry(queue.uploads[0]!.key);
    assert.deepEqual(statuses(), ["uploading"]);
    assert.equal(queue.uploads[0]!.failure, null);
    uploader.uploads[1]!.events.taken(fileRef("a"));
    assert.deepEqual(statuses(), ["taken"]);
  });

  it("goes on after one that fails at once", () => {
    const failing = new UploadQueue(
      { upload: (_, events) => (events.failed("No.", false), () => assert.fail("it has ended")), discard: () => {} },
      () => {},
    );
    failing.add([file("a"), file("b"), file("c")]);
    assert.deepEqual(failing.uploads.map(({ status }) => status), ["failed", "failed", "failed"]);
    failing.clear();
    assert.deepEqual(failing.uploads, []);
  });

  it("takes in what the server has already, without uploading it", () => {
    queue.restore([fileRef("a")]);
    assert.deepEqual(queue.refs, [fileRef("a")]);
    assert.equal(uploader.uploads.length, 0);
  });

  it("begins anew, whatever is on its way", () => {
    queue.add([file("a"), file("b")]);
    queue.clear();
    assert.deepEqual(queue.uploads, []);
    assert.equal(uploader.uploads.every(({ cancelled }) => cancelled), true);
  });
});
