import type { GetProp } from "../dash";

/** A point of a chart, as Dash tells of it. */
type Point = Readonly<Record<string, unknown>>;

/** Where a point is, in charts of all kinds. */
const PLACES = ["location", "lat", "lon", "x", "y", "z", "r", "theta", "a", "b", "c", "value"];

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
        const words = point ? inWords(point) : "";
        if (words !== "") {
          this.#onClick(words);
        }
      }
    }
  }
}

function inWords(point: Point): string {
  const name = [point["hovertext"], point["label"]].find(isSaid);
  const places = PLACES.filter((key) => isSaid(point[key]) && point[key] !== name).map((key) => `${key}: ${String(point[key])}`);
  return [...(name === undefined ? [] : [String(name)]), ...places].join(", ");
}

/** Of a trace's other data, such as boxes of candlesticks, there are objects. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && typeof value !== "object";
}
