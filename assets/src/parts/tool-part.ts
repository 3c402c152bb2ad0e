import type { PartState } from "../state.js";
import { createElement } from "../view/element.js";
import { createIcon, type IconName } from "../view/icons.js";
import { labels } from "../view/labels.js";
import type { PartView } from "../view/part-view.js";

/** As the server writes it. */
interface Step {
  readonly name: string;
  readonly args: unknown;
  readonly state: keyof typeof ICONS;
  readonly output?: unknown;
  readonly ms?: number;
}

const ICONS = {
  running: "tool",
  done: "check",
  error: "failed",
  denied: "close",
  cut: "close",
} as const satisfies Record<string, IconName>;

/** A tool that was called: its state, and folded, what went in and what came out. */
export class ToolPart implements PartView {
  readonly container: HTMLDetailsElement;
  readonly isBehind = false;
  readonly #document: Document;
  readonly #summary: HTMLElement;
  readonly #content: HTMLElement;
  #shown = "";

  constructor(document: Document) {
    this.#document = document;
    this.container = createElement(document, "details", "chat-tool");
    this.#summary = createElement(document, "summary", "chat-step-summary");
    this.#content = createElement(document, "div", "chat-tool-content");
    this.container.append(this.#summary, this.#content);
  }

  update({ text, ended }: PartState, isLive: boolean): void {
    const shown = `${isLive} ${text}`;
    if (!ended || shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const step = JSON.parse(text) as Step;
    // What never came to its end is not going on any more.
    const state = step.state === "running" && !isLive ? "cut" : step.state;
    this.container.dataset["state"] = state;
    const about = createElement(this.#document, "span", "chat-tool-state", labels.toolState[state]);
    const time = step.ms === undefined ? [] : [createElement(this.#document, "span", "chat-tool-time", labels.duration(step.ms))];
    this.#summary.replaceChildren(
      createIcon(this.#document, ICONS[state]),
      createElement(this.#document, "span", "chat-tool-name", step.name),
      about,
      ...time,
    );
    this.#content.replaceChildren(
      ...this.#section(labels.toolInput, step.args),
      ...this.#section(labels.toolOutput, step.output),
    );
  }

  advance(): void {
    // All of it has been shown.
  }

  destroy(): void {
    // Nothing but its element.
  }

  #section(label: string, value: unknown): HTMLElement[] {
    if (value === undefined || value === null) {
      return [];
    }
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    const code = createElement(this.#document, "pre", "chat-tool-value", text);
    code.dir = "auto";
    return [createElement(this.#document, "div", "chat-tool-label", label), code];
  }
}
