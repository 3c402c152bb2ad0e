import { sizeText } from "../attachments/size-text";
import type { MessageState } from "../state";

/** What the two sides are called, the files that one sends, and what stands in place of a component. */
export type ExportWords = Readonly<Record<MessageState["role"] | "files" | "component", string>>;

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
  return parts
    .map(({ kind, text }) => (kind === "text" ? closeFence(text.trim()) : `*${words.component}*`))
    .filter((block) => block !== "");
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
