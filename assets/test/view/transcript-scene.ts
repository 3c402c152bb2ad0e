import { MessageFiles } from "../../src/attachments/message-files.js";
import { MarkdownRenderer } from "../../src/markdown/markdown-view.js";
import { Sanitizer } from "../../src/markdown/sanitizer.js";
import type { MessageState } from "../../src/state.js";
import { Transcript } from "../../src/view/transcript.js";
import { FakeClock } from "../doubles/fake-clock.js";
import { createWidgets } from "../doubles/widgets.js";
import { policy } from "../markdown/policy.js";
import { ChatPage } from "./page.js";

/** A transcript on a page, and what it reports. It begins again before each test. */

export let page: ChatPage;
export let transcript: Transcript;
export let retries: number;
export let withdrawn: string[];
export let focusLost: number;
export let work: number;
export let log: string[];
let takes: boolean;

export function begin(): void {
  page = new ChatPage();
  retries = 0;
  withdrawn = [];
  focusLost = 0;
  work = 0;
  log = [];
  takes = true;
  transcript = new Transcript(page.transcript, {
    document: page.window.document,
    markdown: new MarkdownRenderer({
      sanitizer: new Sanitizer(page.window, policy),
      policy,
      widgets: createWidgets(page.window),
      id: "chat",
    }),
    tools: {
      clipboard: { copyText: (text) => Promise.resolve(log.push(`copy ${text}`) > 0) },
      announcer: { announce: () => undefined },
      clock: new FakeClock(),
    },
    components: {
      stage: {
        show: (place, tree) => {
          place.append(`${JSON.stringify(tree)} shown`);
          return () => log.push("hide");
        },
      },
      themes: { applied: (tree) => tree },
      setProps: (id, props) => log.push(`set ${JSON.stringify(id)} ${JSON.stringify(props)}`) > 0,
      getProp: (id) => id,
      clock: new FakeClock(),
      pin: null,
    },
    files: new MessageFiles(page.window.document, (id) => `/upload/${id}`, () => false, async () => false),
    name: "Analyst",
    submitKey: "enter",
    isRated: true,
    maxCommentChars: 2_000,
    onRegenerate: ({ key }) => log.push(`regenerate ${key}`),
    onEdit: ({ key }, text) => log.push(`edit ${key}: ${text}`) > 0 && takes,
    onSwitch: ({ key }, step) => log.push(`switch ${key} ${step}`),
    onUndo: ({ key }, { text }) => log.push(`undo ${key} ${text}`),
    onAnswer: ({ key }, { text }, value) => log.push(`answer ${key} ${text}: ${JSON.stringify(value)}`) > 0 && takes,
    onRate: ({ key }, rating, comment) => log.push(`rate ${key} ${rating} ${comment}`) > 0 && takes,
    onAsk: (question) => log.push(`ask ${question}`),
    onReveal: () => log.push("reveal"),
    onRetry: () => (retries += 1),
    onWithdraw: ({ key }) => withdrawn.push(key),
    onFocusLost: () => (focusLost += 1),
    createObserver: (changed) => new page.window.IntersectionObserver(changed),
    onWork: () => (work += 1),
  });
}

/** Whether what the reader does is taken from now on. */
export function take(isTaken: boolean): void {
  takes = isTaken;
}

export const all = (selector: string): Element[] => [...page.transcript.querySelectorAll(selector)];
export const wrappers = (): Element[] => all(".chat-message-wrapper");
export const newer = (message: MessageState, changes: Partial<MessageState>): MessageState => ({ ...message, ...changes });
export const row = (key: "user" | "assistant"): HTMLElement => page.part(`[data-role="${key}"] .chat-message-actions`);
