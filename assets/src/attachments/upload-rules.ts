import type { UploadLimits } from "../config.js";
import { labels } from "../view/labels.js";
import { cleanName } from "./file-name.js";
import { sizeText } from "./size-text.js";

/** What is to be known of a file before it is uploaded. */
export type Candidate = Pick<File, "name" | "size" | "type">;

/** What the server would refuse can be told before a byte was sent; it looks again, and closer. */
export class UploadRules {
  readonly #limits: UploadLimits;

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  /** As in HTML's `accept`. */
  get accept(): string {
    return this.#limits.types.join(",");
  }

  /** How many of so many more there is room for, beside those that are there. */
  room(attached: number): number {
    return Math.max(0, this.#limits.maxFiles - attached);
  }

  /** Whether so many can go with one message. */
  allows(count: number): boolean {
    return count <= this.#limits.maxFiles;
  }

  get tooMany(): string {
    return labels.tooManyFiles(this.#limits.maxFiles);
  }

  /** Why a file can't be attached; null when it can. */
  refusal(file: Candidate): string | null {
    const { maxBytes, types } = this.#limits;
    const name = cleanName(file.name);
    if (file.size > maxBytes) {
      return labels.fileTooLarge(name, sizeText(maxBytes));
    }
    const isTaken = types.length === 0 || types.some((pattern) => fits(pattern.toLowerCase(), name, file.type));
    return isTaken ? null : labels.fileType(name);
  }

  /** Whether what was attached to a message is certainly no longer on the server. */
  isExpired(createdMs: number, nowMs: number): boolean {
    return nowMs >= createdMs + this.#limits.ttlMs;
  }
}

function fits(pattern: string, name: string, type: string): boolean {
  if (pattern.startsWith(".")) {
    return name.toLowerCase().endsWith(pattern);
  }
  // The server tells the type of a file without one by its content.
  return type === "" || (pattern.endsWith("/*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern);
}
