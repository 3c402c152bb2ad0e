import { createElement } from "../../view/element.js";
import type { Sighting } from "../frame-tap.js";

const ARROWS = { in: "↓", out: "↑", none: "·" } as const;
const SAID = { in: "received", out: "sent", none: "transport" } as const;
/** Of a run's id: enough to tell those of one page apart. */
const RUN_CHARS = 6;

/** The frames that were seen, one line each, the latest last. A line unfolds into its JSON. */
export class FrameList {
  readonly element: HTMLElement;
  readonly #document: Document;
  readonly #lines = new Map<number, HTMLElement>();

  constructor(document: Document) {
    this.#document = document;
    this.element = createElement(document, "ol", "chat-inspector-frames");
    this.element.tabIndex = 0;
    this.element.setAttribute("aria-label", "Frames");
  }

  /** Adds what is new, and takes away what is no longer kept. Who reads the end stays there. */
  show(sightings: readonly Sighting[]): void {
    const { element } = this;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 2;
    const kept = new Set(sightings.map(({ number }) => number));
    for (const [number, line] of this.#lines) {
      if (!kept.has(number)) {
        line.remove();
        this.#lines.delete(number);
      }
    }
    for (const sighting of sightings) {
      if (!this.#lines.has(sighting.number)) {
        const line = this.#line(sighting);
        this.#lines.set(sighting.number, line);
        element.append(line);
      }
    }
    if (isAtEnd) {
      element.scrollTop = element.scrollHeight;
    }
  }

  #line({ what, direction, dateMs, transport }: Sighting): HTMLElement {
    const document = this.#document;
    const line = createElement(document, "li", `chat-inspector-frame chat-inspector-${direction}`);
    const json = JSON.stringify(what);
    const arrow = createElement(document, "span", "", ARROWS[direction]);
    arrow.setAttribute("role", "img");
    arrow.setAttribute("aria-label", SAID[direction]);
    const texts =
      direction === "none"
        ? [transport, "", ""]
        : [
            "run" in what && what.run !== undefined ? what.run.slice(0, RUN_CHARS) : "",
            "id" in what && direction === "in" ? numberOf(what.id) : "",
            `${json.length}`,
          ];
    const cells = [timeText(dateMs), arrow, what.type, ...texts].map((cell) =>
      typeof cell === "string" ? createElement(document, "span", "", cell) : cell,
    );
    if (direction === "none") {
      const plain = createElement(document, "div", "chat-inspector-cells");
      plain.append(...cells);
      line.append(plain);
      return line;
    }
    const details = document.createElement("details");
    const summary = createElement(document, "summary", "chat-inspector-cells");
    summary.append(...cells);
    details.append(summary);
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) {
        details.append(createElement(document, "pre", "chat-inspector-json", JSON.stringify(what, null, 2)));
      }
      if (details.open) {
        this.#reveal(line);
      }
    });
    line.append(details);
    return line;
  }

  /** Scrolls the list, and nothing around it. */
  #reveal(line: HTMLElement): void {
    const { top, bottom } = line.getBoundingClientRect();
    const list = this.element.getBoundingClientRect();
    this.element.scrollTop += Math.min(Math.max(0, bottom - list.bottom), top - list.top);
  }
}

/** Of a frame's id what differs within a run. */
function numberOf(id: string): string {
  return id.slice(id.indexOf("-") + 1);
}

/** Minutes, seconds and milliseconds of the hour. */
function timeText(dateMs: number): string {
  const date = new Date(dateMs);
  const [minutes, seconds] = [date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0"));
  return `${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
