import type { Cancel } from "../../clock.js";
import type { ChatState } from "../../state.js";
import { createElement } from "../../view/element.js";
import { createIconButton } from "../../view/icon-button.js";
import { part } from "../../view/page-part.js";
import type { FrameTap } from "../frame-tap.js";
import type { Inspector, InspectorTools } from "../inspection.js";
import { FrameList } from "./frame-list.js";
import { Statistics } from "./statistics.js";

/** How often an open panel shows what is new. */
const SHOW_EVERY_MS = 200;
const COLUMNS = ["Run", "Status", "Last frame", "Frames", "Chars"];

/** A small button on a chat, and the panel that it opens: what the chat's connection does, and what it carries. */
export class Panel implements Inspector {
  readonly #document: Document;
  readonly #tap: FrameTap;
  readonly #tools: InspectorTools;
  readonly #statistics = new Statistics();
  readonly #stopListening: Cancel;
  readonly #toggle: HTMLButtonElement;
  readonly #panel: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #runs: HTMLElement;
  readonly #frames: FrameList;
  readonly #pause: HTMLButtonElement;
  #state: ChatState | null = null;
  #isPaused = false;
  #cancelShow: Cancel | null = null;

  constructor(root: HTMLElement, tap: FrameTap, tools: InspectorTools) {
    const document = root.ownerDocument;
    this.#document = document;
    this.#tap = tap;
    this.#tools = tools;
    tap.sightings.forEach((sighting) => this.#statistics.see(sighting));
    this.#stopListening = tap.listen((sighting) => {
      this.#statistics.see(sighting);
      this.#showSoon();
    });

    this.#toggle = createIconButton(document, "source", "Inspect this chat", () => this.#setOpen(this.#panel.hidden === true));
    this.#toggle.setAttribute("aria-expanded", "false");
    this.#panel = createElement(document, "section", "chat-inspector");
    this.#panel.hidden = true;
    this.#panel.setAttribute("aria-label", "Inspector");
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation(); // to the chat it means Stop
        this.#setOpen(false);
      }
    });
    this.#facts = createElement(document, "dl", "chat-inspector-facts");
    this.#runs = createElement(document, "tbody", "");
    this.#frames = new FrameList(document);
    this.#pause = this.#button("Pause", () => this.#setPaused(!this.#isPaused));
    this.#panel.append(this.#header(), this.#facts, this.#table(), this.#frames.element);
    part(root, "menu").after(this.#toggle);
    root.append(this.#panel);
  }

  show(state: ChatState): void {
    this.#state = state;
    this.#showSoon();
  }

  destroy(): void {
    this.#stopListening();
    this.#cancelShow?.();
    this.#toggle.remove();
    this.#panel.remove();
  }

  #setOpen(isOpen: boolean): void {
    this.#panel.hidden = !isOpen;
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      this.#show();
      this.#frames.element.focus();
    } else {
      this.#toggle.focus();
    }
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#pause.textContent = isPaused ? "Resume" : "Pause";
    this.#show();
  }

  #clear(): void {
    this.#tap.clear();
    this.#statistics.clear();
    this.#frames.show([]);
    this.#show();
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const isCopied = await this.#tools.copyText(JSON.stringify(this.#tap.sightings, null, 2));
    button.textContent = isCopied ? "Copied" : "Not copied";
    this.#tools.clock.after(2_000, () => (button.textContent = "Copy"));
  }

  #showSoon(): void {
    if (!this.#panel.hidden) {
      this.#cancelShow ??= this.#tools.clock.after(SHOW_EVERY_MS, () => this.#show());
    }
  }

  #show(): void {
    this.#cancelShow?.();
    this.#cancelShow = null;
    const { transport, roundTripMs, runs } = this.#statistics;
    const { connection, notice, stalled } = this.#state ?? { connection: "closed", notice: null, stalled: false };
    this.#showFacts({
      Connection: stalled ? `${connection}, stalled` : connection,
      Transport: transport ?? "none yet",
      "Round trip": roundTripMs === null ? "not measured" : `${roundTripMs.toFixed(1)} ms`,
      Notice: notice ?? "none",
    });
    this.#runs.replaceChildren(
      ...runs.map((run) => {
        const { frames, characters } = run;
        const row = this.#row("td", [run.run.slice(0, 6), run.status, run.lastId ?? "", `${frames}`, `${characters}`]);
        row.title = run.run;
        return row;
      }),
    );
    if (!this.#isPaused) {
      this.#frames.show(this.#tap.sightings);
    }
  }

  #showFacts(facts: Readonly<Record<string, string>>): void {
    const pairs = Object.entries(facts).map(([name, value]) => {
      const pair = createElement(this.#document, "div", "");
      pair.append(createElement(this.#document, "dt", "", name), createElement(this.#document, "dd", "", value));
      return pair;
    });
    this.#facts.replaceChildren(...pairs);
  }

  #header(): HTMLElement {
    const header = createElement(this.#document, "div", "chat-inspector-header");
    const copy = this.#button("Copy", () => void this.#copy(copy));
    const close = createIconButton(this.#document, "close", "Close the inspector", () => this.#setOpen(false));
    header.append(
      createElement(this.#document, "strong", "", "Inspector"),
      this.#pause,
      this.#button("Clear", () => this.#clear()),
      copy,
      close,
    );
    return header;
  }

  #button(text: string, press: () => void): HTMLButtonElement {
    const button = createElement(this.#document, "button", "chat-inspector-button", text);
    button.type = "button";
    button.addEventListener("click", press);
    return button;
  }

  #table(): HTMLElement {
    const scroll = createElement(this.#document, "div", "chat-inspector-runs");
    const table = createElement(this.#document, "table", "");
    const head = createElement(this.#document, "thead", "");
    head.append(this.#row("th", COLUMNS));
    table.append(head, this.#runs);
    scroll.append(table);
    return scroll;
  }

  #row(tag: "td" | "th", texts: readonly string[]): HTMLElement {
    const row = createElement(this.#document, "tr", "");
    row.append(...texts.map((text) => createElement(this.#document, tag, "", text)));
    return row;
  }
}
