import type { GetProp } from "../dash";

/** A point of a chart, as Dash tells of it: what it is called and where it is. */
interface Point {
  readonly hovertext?: unknown;
  readonly label?: unknown;
  readonly x?: unknown;
  readonly y?: unknown;
  readonly z?: unknown;
  readonly value?: unknown;
}

const NAMES = ["x", "y", "z", "value"] as const;

/** Tells of points of the page's charts that are clicked. */
export class ClickedPoints {
  readonly #charts: readonly string[];
  readonly #getProp: GetProp;
  readonly #onClick: (point: string) => void;
  /** By chart, what was clicked last; Dash makes a new object for each click. */
  readonly #known = new Map<string, unknown>();

  /** @param charts their ids. @param onClick gets the point in words. */
  constructor(charts: readonly string[], getProp: GetProp, onClick: (point: string) => void) {
    this.#charts = charts;
    this.#getProp = getProp;
    this.#onClick = onClick;
    charts.forEach((chart) => this.#known.set(chart, getProp(chart, "clickData")));
  }

  /** Somebody has clicked somewhere, and Dash has heard of it. */
  look(): void {
    for (const chart of this.#charts) {
      const data = this.#getProp(chart, "clickData");
      if (data !== this.#known.get(chart)) {
        this.#known.set(chart, data);
        const [point] = (data as { readonly points?: readonly Point[] } | null | undefined)?.points ?? [];
        if (point) {
          this.#onClick(inWords(point));
        }
      }
    }
  }
}

function inWords(point: Point): string {
  const name = point.hovertext ?? point.label;
  const place = NAMES.filter((key) => point[key] !== undefined && point[key] !== name).map((key) => `${key}: ${String(point[key])}`);
  return [...(name === undefined || name === "" ? [] : [String(name)]), ...place].join(", ");
}
