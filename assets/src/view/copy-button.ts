import type { Clipboard } from "../clipboard.js";
import type { Cancel, Clock } from "../clock.js";
import type { Announcer } from "./announcer.js";
import { createElement } from "./element.js";
import { createIcon } from "./icons.js";
import { labels } from "./labels.js";

/** How long a button shows that it has copied. */
const SHOWN_MS = 2_000;

export interface CopyTools {
  readonly clipboard: Pick<Clipboard, "copyText">;
  readonly announcer: Pick<Announcer, "announce">;
  readonly clock: Clock;
}

export interface CopyButtonOptions {
  readonly document: Document;
  readonly tools: CopyTools;
  /** The button's name. */
  readonly label: string;
  /** What stands on the button beside the icon. */
  readonly caption?: string;
  readonly text: () => string;
}

/** A button that copies a text and shows for a moment that it has. */
export class CopyButton {
  readonly element: HTMLButtonElement;
  readonly #options: CopyButtonOptions;
  readonly #caption: HTMLElement;
  #icon: SVGSVGElement;
  #cancelReset: Cancel | null = null;

  constructor(options: CopyButtonOptions) {
    const { document, label } = options;
    this.#options = options;
    this.element = createElement(document, "button", "chat-tool-button chat-copy-button");
    this.element.type = "button";
    this.element.title = label;
    this.element.setAttribute("aria-label", label);
    this.#caption = createElement(document, "span", "chat-tool-caption", options.caption);
    this.#icon = createIcon(document, "copy");
    this.element.append(this.#icon, this.#caption);
    this.element.addEventListener("click", () => void this.#copy());
  }

  async #copy(): Promise<void> {
    const { tools, text } = this.#options;
    const isCopied = await tools.clipboard.copyText(text());
    const sentence = isCopied ? labels.copied : labels.notCopied;
    tools.announcer.announce(sentence);
    this.#show(isCopied ? "copied" : "failed", sentence);
  }

  #show(outcome: "copied" | "failed", sentence: string): void {
    const { caption = "", label, tools } = this.#options;
    this.element.dataset["outcome"] = outcome;
    this.#showIcon(outcome === "copied" ? "check" : "copy");
    this.element.title = sentence;
    this.#caption.textContent = caption && sentence;
    this.#cancelReset?.();
    this.#cancelReset = tools.clock.after(SHOWN_MS, () => {
      delete this.element.dataset["outcome"];
      this.#showIcon("copy");
      this.element.title = label;
      this.#caption.textContent = caption;
    });
  }

  #showIcon(name: "copy" | "check"): void {
    const icon = createIcon(this.#options.document, name);
    this.#icon.replaceWith(icon);
    this.#icon = icon;
  }
}
