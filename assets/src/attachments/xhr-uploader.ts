import type { Cancel, Clock } from "../clock.js";
import { decode } from "../protocol/codec.js";
import type { FileRef, ServerFrame } from "../protocol/frames.js";
import { labels } from "../view/labels.js";
import { cleanName } from "./file-name.js";
import { fileUrl } from "./file-url.js";
import type { UploadEvents, Uploader } from "./uploader.js";

export interface XhrUploaderOptions {
  /** The path prefix of `upload`. */
  readonly base: string;
  readonly chat: string;
  readonly clock: Clock;
  /** Not `fetch`: that does not tell how far an upload has come. */
  readonly createRequest: () => XMLHttpRequest;
}

/** What forms and images of other sites can't send. */
const OURS = ["X-Vizro-WS-Chat", "1"] as const;
/** How long nothing may move until an upload is taken for lost. */
const STALLED_MS = 30_000;
/** What a proxy that takes only small requests answers with. */
const CONTENT_TOO_LARGE = 413;
/** Refusals of what may be taken another time. */
const PASSING: ReadonlySet<string> = new Set(["busy", "internal", "uploads-full", "bad-frame"]);

/** Brings each file to the server in a request of its own. */
export class XhrUploader implements Uploader {
  readonly #options: XhrUploaderOptions;

  constructor(options: XhrUploaderOptions) {
    this.#options = options;
  }

  upload(file: File, events: UploadEvents): Cancel {
    const { base, chat, clock, createRequest } = this.#options;
    const request = createRequest();
    let cancelDeadline: Cancel = () => {};
    const end = (): void => {
      cancelDeadline();
      request.onload = request.onerror = request.upload.onprogress = null;
      request.abort();
    };
    const lost = (): void => {
      end();
      events.failed(labels.uploadLost, true);
    };
    const expectMovement = (): void => {
      cancelDeadline();
      cancelDeadline = clock.after(STALLED_MS, lost);
    };
    request.open("POST", `${base}upload?chat=${encodeURIComponent(chat)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader(...OURS);
    request.setRequestHeader("X-Vizro-WS-Chat-File", encodeURIComponent(cleanName(file.name)));
    request.setRequestHeader("X-Vizro-WS-Chat-File-Type", file.type);
    request.upload.onprogress = ({ loaded, total }) => {
      expectMovement();
      events.progressed(total > 0 ? loaded / total : 0);
    };
    request.onerror = lost;
    request.onload = () => {
      cancelDeadline();
      tell(request.status, request.responseText, events);
    };
    expectMovement();
    request.send(file);
    return end;
  }

  discard({ id }: FileRef): void {
    const { base, chat, createRequest } = this.#options;
    const request = createRequest();
    request.open("DELETE", fileUrl(base, chat, id));
    request.setRequestHeader(...OURS);
    // Whether it succeeds does not matter to anybody: what stays expires.
    request.send();
  }
}

function tell(status: number, body: string, events: UploadEvents): void {
  let frame: ServerFrame | undefined;
  try {
    frame = decode(body)[0];
  } catch {
    // A proxy's page instead of our server's answer.
  }
  if (frame?.type === "uploaded") {
    events.taken(frame.file);
  } else if (frame?.type === "refused") {
    events.failed(frame.text, PASSING.has(frame.code));
  } else if (status === CONTENT_TOO_LARGE) {
    events.failed(labels.uploadTooLarge, false);
  } else {
    events.failed(labels.uploadLost, true);
  }
}
