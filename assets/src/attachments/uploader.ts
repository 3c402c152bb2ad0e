import type { Cancel } from "../clock.js";
import type { FileRef } from "../protocol/frames.js";

export interface UploadEvents {
  /** @param share of the file that has left, from 0 to 1. */
  progressed(share: number): void;
  /** The server keeps it. */
  taken(ref: FileRef): void;
  /** @param again whether trying again may help. */
  failed(sentence: string, again: boolean): void;
}

/** Brings files to the server. */
export interface Uploader {
  /** Begins; exactly one of `taken` and `failed` follows, unless it is cancelled before. */
  upload(file: File, events: UploadEvents): Cancel;
  /** Lets go what the server has taken, if no message uses it. */
  discard(ref: FileRef): void;
}
