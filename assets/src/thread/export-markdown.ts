import { textOf } from "../protocol/run-reducer";
import type { MessageState } from "../state";

/** What the two sides are called. */
export type SpeakerNames = Readonly<Record<MessageState["role"], string>>;

/** A conversation as a Markdown document: each message under a heading, with its time, what wrote it and its files' names. */
export function exportMarkdown(messages: readonly MessageState[], names: SpeakerNames): string {
  return messages
    .map((message) => ({ message, paragraphs: [fileList(message), closeFence(textOf(message.parts).trim())].filter(Boolean) }))
    .filter(({ paragraphs }) => paragraphs.length > 0)
    .map(({ message, paragraphs }) => `${[heading(message, names), ...paragraphs].join("\n\n")}\n`)
    .join("\n");
}

function heading({ role, createdMs, model }: MessageState, names: SpeakerNames): string {
  const about = [localTime(new Date(createdMs)), ...(model === null ? [] : [model])];
  return `## ${names[role]}\n\n*${about.join(" · ")}*`;
}

/** The names are somebody's own, and mean nothing in Markdown. */
function fileList({ attachments }: MessageState): string {
  return attachments.map(({ name }) => `- ${name.replace(/[\\`*_[\]<>]/g, "\\$&")}`).join("\n");
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
