import { sizeText } from "../attachments/size-text";
import type { PageAction } from "../dashboard/page-action";
import { describeAction } from "../parts/describe-action";
import { sourcesIn } from "../parts/sources";
import { isStreamed } from "../protocol/content";
import type { MessageState, PartState } from "../state";
import { steerOf } from "./waiting-messages";

/** What the two sides are called, the files that one sends, and what stands before or in place of parts that are no text. */
export type ExportWords = Readonly<Record<MessageState["role"] | "files" | "component" | "sources" | "asked" | "file" | "undone" | "notDone", string>>;

/**
 * A conversation as a Markdown document: each message under a heading, with its time and what wrote it, and the names
 * and sizes of its files.
 */
export function exportMarkdown(messages: readonly MessageState[], words: ExportWords): string {
  return messages
    .map((message) => ({ message, blocks: [...files(message, words), ...content(message, words)] }))
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ message, blocks }) => `${[heading(message, words), ...blocks].join("\n\n")}\n`)
    .join("\n");
}

function content({ parts }: MessageState, words: ExportWords): string[] {
  const sources = sourcesIn(parts).map(({ number, title, url }) => `${number}. [${escapeMarkdown(title)}](<${url}>)`);
  return [
    ...parts.map((part) => (isStreamed(part.kind) || part.ended ? block(part, words) : "")).filter((text) => text !== ""),
    ...(sources.length === 0 ? [] : [`${words.sources}:`, sources.join("\n")]),
  ];
}

/** Empty for what is no part of a document, and for sources, which stand at the end. */
function block({ kind, text, isUndone }: PartState, words: ExportWords): string {
  switch (kind) {
    case "text":
      return closeFence(text.trim());
    case "component":
      return `*${words.component}*`;
    case "tool": {
      const { name, args } = JSON.parse(text) as { readonly name: string; readonly args: unknown };
      return `- ${inCode(args === null || args === undefined ? name : `${name} ${JSON.stringify(args)}`)}`;
    }
    case "action":
      return `- ${escapeMarkdown(actionText(JSON.parse(text) as PageAction, isUndone, words))}`;
    case "file":
      return `${words.file}: ${escapeMarkdown((JSON.parse(text) as { readonly name: string }).name)}`;
    case "ask": {
      const { question, value } = JSON.parse(text) as { readonly question: string; readonly value?: unknown };
      const said = value === undefined ? [] : [typeof value === "string" ? value : JSON.stringify(value)];
      return [`${words.asked}: ${escapeMarkdown(question)}`, ...said.map((answer) => quoted(answer.split("\n").map(escapeMarkdown).join("\n")))].join("\n\n");
    }
    case "steer":
      return quoted(`**${words.user}:** ${steerOf({ text }).text.trim()}`);
    default:
      return "";
  }
}

function actionText(action: PageAction, isUndone: boolean | undefined, words: ExportWords): string {
  const fate = isUndone ? ` (${words.undone})` : action.state === "done" ? "" : ` (${words.notDone})`;
  return describeAction(action) + fate;
}

function quoted(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}

/** Code in a line, whatever is in it (CommonMark 0.31.2, section 6.1). */
function inCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

function files({ attachments }: MessageState, words: ExportWords): string[] {
  const lines = attachments.map(({ name, size }) => `- ${escapeMarkdown(name)} (${sizeText(size)})`);
  return lines.length === 0 ? [] : [`${words.files}:`, lines.join("\n")];
}

/** A name is no markup, whatever is in it. */
function escapeMarkdown(text: string): string {
  const begin = /^(?:#{1,6}|[+-]|\d{1,9}[.)])(?= )/;
  return text.replace(/[\\`*_~[\]<>&$|]/g, "\\$&").replace(begin, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}

function heading({ role, createdMs, model }: MessageState, words: ExportWords): string {
  const about = [localTime(new Date(createdMs)), ...(model === null ? [] : [model])];
  return `## ${words[role]}\n\n*${about.join(" · ")}*`;
}

function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Code that was cut off, as in a stopped answer, must not go on over the messages that follow. */
function closeFence(text: string): string {
  let open: string | null = null;
  for (const line of text.split("\n")) {
    const [, fence, info] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence !== undefined && open === null && !(fence.startsWith("`") && info?.includes("`"))) {
      open = fence;
    } else if (fence !== undefined && open !== null && fence.startsWith(open) && info?.trim() === "") {
      open = null;
    }
  }
  return open === null ? text : `${text}\n${open}`;
}
