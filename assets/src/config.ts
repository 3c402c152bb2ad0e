import type { TransportMode } from "./fallback";

/** The attribute that marks a chat's root and holds its configuration, written by the Python model. */
export const CHAT_ATTRIBUTE = "data-vizro-ws-chat";

/** What sends a message; `mod` is Ctrl, or Cmd. */
export type SubmitKey = "enter" | "mod+enter";

/** Where the reader is kept while an answer grows: at its end, or at its question. */
export type Anchor = "bottom" | "top";

/** What becomes of a message that is sent while an answer is being written. */
export type WhileAnswering = "wait" | "queue" | "deliver";

/** What can be told of files before they are uploaded. */
export interface UploadLimits {
  readonly maxBytes: number;
  /** Those of one message. */
  readonly maxFiles: number;
  /** How long the server keeps a file. */
  readonly ttlMs: number;
  /** Which files are taken, as in HTML's `accept`; none: any. */
  readonly types: readonly string[];
}

/** What the chat's author has chosen of its looks. */
export interface Looks {
  /** The assistant's. */
  readonly name: string;
  readonly description: string;
  readonly exampleQuestions: readonly string[];
  readonly submitKey: SubmitKey;
  readonly anchor: Anchor;
  readonly whileAnswering: WhileAnswering;
  /** Whether somebody wants to know what the reader thinks of answers. */
  readonly feedback: boolean;
  readonly maxCommentChars: number;
  /** Whether the server keeps conversations, for their readers to find them again. */
  readonly history: boolean;
}

export interface ChatConfig extends Looks {
  readonly chat: string;
  readonly transport: TransportMode;
  /** The path prefix of the endpoints, with its slash. */
  readonly base: string;
  /** The id of the dash_extensions.WebSocket component. */
  readonly websocket: string;
  /** The session storage key of the thread. */
  readonly storage: string;
  /** From where answers may show images, beside the page's own origin. */
  readonly imageOrigins: readonly string[];
  /** null where no files can be attached. */
  readonly uploads: UploadLimits | null;
  /** What is read of the page when something is asked: ids of components and names of their properties. */
  readonly inputs: readonly (readonly [id: string, property: string])[];
  /** The id of the store that is set when an answer is complete; null where nobody waits for it. */
  readonly finished: string | null;
  /** The ids of charts whose clicked points can be asked about. */
  readonly points: readonly string[];
  /** The id of the element that components of answers can be pinned to; null where there is none. */
  readonly pinTo: string | null;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isOneOf =
  (...known: readonly string[]): Check =>
  (value) =>
    known.includes(value as string);

const isUploadLimits: Check = (value) => {
  const { maxBytes, maxFiles, ttlMs, types } = (value ?? {}) as Partial<Record<keyof UploadLimits, unknown>>;
  return [maxBytes, maxFiles, ttlMs].every(Number.isFinite) && Array.isArray(types) && types.every(isText);
};

const CHECKS: Readonly<Record<keyof ChatConfig, Check>> = {
  chat: isText,
  transport: isOneOf("auto", "websocket", "sse"),
  base: isText,
  websocket: isText,
  storage: isText,
  name: isText,
  description: isText,
  exampleQuestions: isTexts,
  submitKey: isOneOf("enter", "mod+enter"),
  anchor: isOneOf("bottom", "top"),
  whileAnswering: isOneOf("wait", "queue", "deliver"),
  feedback: (value) => typeof value === "boolean",
  maxCommentChars: (value) => typeof value === "number",
  history: (value) => typeof value === "boolean",
  imageOrigins: isTexts,
  uploads: (value) => value === null || isUploadLimits(value),
  inputs: (value) => Array.isArray(value) && value.every((input) => isTexts(input) && (input as string[]).length === 2),
  finished: (value) => value === null || isText(value),
  points: isTexts,
  pinTo: (value) => value === null || isText(value),
};

/** @throws Error when the attribute is not what the Python model writes. */
export function parseConfig(attribute: string): ChatConfig {
  const written = (JSON.parse(attribute) ?? {}) as Record<string, unknown>;
  const fields = Object.entries(CHECKS).map(([field, check]) => {
    const value = written[field];
    if (!check(value)) {
      throw new Error(`${CHAT_ATTRIBUTE} is incomplete: ${attribute}`);
    }
    return [field, value];
  });
  return Object.fromEntries(fields) as ChatConfig;
}
