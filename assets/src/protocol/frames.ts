/** The frames of docs/protocol.md, version 1, as discriminated unions. */

export const PROTOCOL_VERSION = 1;

export interface Resume {
  readonly run: string;
  /** The last id the browser has of that run; null asks for the run from its start. */
  readonly after: string | null;
}

/** A signed message, without its content. */
export interface MessageRef {
  readonly id: string;
  readonly parent: string | null;
  readonly role: "user" | "assistant";
}

/** A file that the server keeps, without its content. */
export interface FileRef {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Its MIME type. */
  readonly type: string;
}

export interface HelloFrame {
  readonly type: "hello";
  readonly v: typeof PROTOCOL_VERSION;
  readonly chat: string;
  readonly resume: readonly Resume[];
}

/** What grows by deltas. A text is Markdown, and so is the reasoning behind it. */
export type StreamedKind = "text" | "reasoning";

/**
 * What a message says. The text of a part that is not streamed is JSON; of a component, that of Dash components. What a
 * reader has said into an answer while it was made is a part of it, a steer.
 */
export type PartKind = StreamedKind | "component" | "tool" | "source" | "file" | "ask" | "action" | "steer";

/**
 * What a run puts out. The last four are about the message and not what it says: a view is how the author shows it, a
 * status what is being done at the moment, usage what it took, and a problem stands for a part that could not be shown.
 */
export type OutputKind = PartKind | "view" | "status" | "usage" | "problem";

export interface SendFrame {
  readonly type: "send";
  readonly run: string;
  readonly parent: string | null;
  /** null answers `parent`, a user message, again. */
  readonly text: string | null;
  /** The ids of what comes with the text. */
  readonly files?: readonly string[];
  /** The values of what the action wants to know of the page, in the order in which the page names it. */
  readonly inputs?: readonly unknown[];
  /** The conversation that it belongs to, where the server keeps conversations. */
  readonly thread?: string;
}

export interface HistoryFrame {
  readonly type: "history";
  readonly run: string;
  readonly index: number;
  readonly count: number;
  readonly text: string;
}

export interface CancelFrame {
  readonly type: "cancel";
  readonly run: string;
}

/** The reader's answer to a question that a run asks in one of its parts. */
export interface AnswerFrame {
  readonly type: "answer";
  readonly run: string;
  readonly part: number;
  readonly value: unknown;
}

/** What the reader says into a run that is alive. */
export interface DeliverFrame {
  readonly type: "deliver";
  readonly run: string;
  /** The message's own: sent again, it is the same message. */
  readonly id: string;
  readonly text: string;
}

/** What the reader thinks of an answer. */
export interface FeedbackFrame {
  readonly type: "feedback";
  /** The one that made the answer. */
  readonly run: string;
  /** The answer's signed id. */
  readonly message: string;
  readonly rating: "up" | "down" | null;
  readonly comment: string;
}

/** Both ways: are you there? */
export interface PingFrame {
  readonly type: "ping";
}

/** Both ways: the answer to `ping`. */
export interface PongFrame {
  readonly type: "pong";
}

export type ClientFrame =
  | HelloFrame
  | SendFrame
  | HistoryFrame
  | CancelFrame
  | AnswerFrame
  | DeliverFrame
  | FeedbackFrame
  | PingFrame
  | PongFrame;

export interface WelcomeFrame {
  readonly type: "welcome";
  readonly v: number;
  readonly heartbeat_ms: number;
  readonly idle_ms: number;
  readonly max_prompt_chars: number;
}

export interface AcceptedFrame {
  readonly type: "accepted";
  readonly run: string;
  readonly message: MessageRef;
  /** What writes the answer, where the author tells. */
  readonly model?: string;
  /** How the author shows the message: the JSON text of Dash components. */
  readonly view?: string;
}

export interface FeedbackTakenFrame {
  readonly type: "feedback-taken";
  readonly run: string;
}

/** A file was taken: the answer to its upload. */
export interface UploadedFrame {
  readonly type: "uploaded";
  readonly file: FileRef;
}

export interface NeedHistoryFrame {
  readonly type: "need-history";
  readonly run: string;
}

export interface RefusedFrame {
  readonly type: "refused";
  readonly code: string;
  readonly text: string;
  readonly run?: string;
  readonly ref?: string;
  readonly retry_ms?: number;
  /** The id of what was to be delivered. */
  readonly delivery?: string;
}

export interface ByeFrame {
  readonly type: "bye";
  readonly code: string;
  readonly retry_ms: number;
}

interface RunOutput {
  readonly run: string;
  readonly id: string;
}

export interface PartStartFrame extends RunOutput {
  readonly type: "part-start";
  readonly part: number;
  readonly kind: OutputKind;
}

export interface TextDeltaFrame extends RunOutput {
  readonly type: "text-delta";
  readonly part: number;
  readonly d: string;
}

/** A part changes: `remove` characters from `at` on become `d`. It is incomplete until it ends again. */
export interface TextSpliceFrame extends RunOutput {
  readonly type: "text-splice";
  readonly part: number;
  readonly at: number;
  readonly remove: number;
  readonly d: string;
}

export interface PartEndFrame extends RunOutput {
  readonly type: "part-end";
  readonly part: number;
  /** For how long it was written, in milliseconds; of reasoning. */
  readonly ms?: number;
}

export interface SnapshotPart {
  readonly kind: OutputKind;
  readonly text: string;
  readonly ended: boolean;
  /** As of {@link PartEndFrame}. */
  readonly ms?: number;
}

export interface SnapshotFrame extends RunOutput {
  readonly type: "snapshot";
  readonly parts: readonly SnapshotPart[];
}

export interface FinishFrame extends RunOutput {
  readonly type: "finish";
  readonly message: MessageRef | null;
  /** What could be asked next. */
  readonly suggestions?: readonly string[];
}

export interface StoppedFrame extends RunOutput {
  readonly type: "stopped";
  readonly message: MessageRef | null;
}

export interface ErrorFrame extends RunOutput {
  readonly type: "error";
  readonly code: string;
  readonly text: string;
  readonly ref: string | null;
  readonly message: MessageRef | null;
}

export interface InterruptedFrame extends RunOutput {
  readonly type: "interrupted";
  readonly message: MessageRef | null;
}

export type TerminalFrame = FinishFrame | StoppedFrame | ErrorFrame | InterruptedFrame;

/** What a run's log holds: every one of these carries a frame id. */
export type RunFrame = PartStartFrame | TextDeltaFrame | TextSpliceFrame | PartEndFrame | SnapshotFrame | TerminalFrame;

export type ServerFrame =
  | WelcomeFrame
  | AcceptedFrame
  | NeedHistoryFrame
  | FeedbackTakenFrame
  | UploadedFrame
  | RefusedFrame
  | PingFrame
  | PongFrame
  | ByeFrame
  | RunFrame;

export function isRunFrame(frame: ServerFrame): frame is RunFrame {
  return "id" in frame;
}
