import type { MessageFiles } from "../attachments/message-files.js";
import { ComponentPart, type ComponentTools } from "../components/component-part.js";
import type { MarkdownRenderer } from "../markdown/markdown-view.js";
import type { PartState } from "../state.js";
import type { PartView } from "../view/part-view.js";
import { TextPart } from "../view/text-part.js";
import { ActionPart } from "./action-part.js";
import { AskPart, type Answer } from "./ask-part.js";
import { FilePart } from "./file-part.js";
import { ProblemPart } from "./problem-part.js";
import { ReasoningPart } from "./reasoning-part.js";
import { SteerPart } from "./steer-part.js";
import { ToolPart } from "./tool-part.js";

export interface PartTools {
  readonly document: Document;
  readonly markdown: MarkdownRenderer;
  readonly components: ComponentTools;
  readonly files: Pick<MessageFiles, "place">;
  readonly answer: Answer;
  readonly undo: (part: PartState) => void;
  readonly onFocusLost: () => void;
}

type Make = (tools: PartTools) => PartView;

/** How each kind of part is shown in its place; null where it has none. */
const VIEWS: Readonly<Record<PartState["kind"], Make | null>> = {
  text: ({ document, markdown }) => new TextPart(document, markdown),
  reasoning: ({ document, markdown }) => new ReasoningPart(document, markdown),
  component: ({ document, components }) => new ComponentPart(document, components),
  tool: ({ document }) => new ToolPart(document),
  file: ({ document, files }) => new FilePart(document, files),
  action: ({ document, undo, onFocusLost }) => new ActionPart(document, undo, onFocusLost),
  ask: ({ document, answer, onFocusLost }) => new AskPart(document, answer, onFocusLost),
  steer: ({ document }) => new SteerPart(document),
  problem: ({ document }) => new ProblemPart(document),
  // Below the answer, all together.
  source: null,
};

/** Returns the view of a new part; null when it has no place of its own. */
export function createPartView(kind: PartState["kind"], tools: PartTools): PartView | null {
  return VIEWS[kind]?.(tools) ?? null;
}
