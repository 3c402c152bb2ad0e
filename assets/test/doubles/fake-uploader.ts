import type { UploadEvents, Uploader } from "../../src/attachments/uploader.js";
import type { FileRef } from "../../src/protocol/frames.js";

export interface FakeUpload {
  readonly file: File;
  readonly events: UploadEvents;
  cancelled: boolean;
}

/** Uploads come to what the test says. */
export class FakeUploader implements Uploader {
  readonly uploads: FakeUpload[] = [];
  readonly discarded: string[] = [];

  upload(file: File, events: UploadEvents): () => void {
    const upload = { file, events, cancelled: false };
    this.uploads.push(upload);
    return () => (upload.cancelled = true);
  }

  discard({ name }: FileRef): void {
    this.discarded.push(name);
  }

  /** The server keeps the files that are on their way. */
  finish(): void {
    this.uploads.filter(({ cancelled }) => !cancelled).forEach(({ file, events }) => events.taken(fileRef(file.name, file.type)));
  }
}

export function fileRef(name: string, type = "image/png", size = 1_234): FileRef {
  return { id: `id of ${name}`, name, size, type };
}
