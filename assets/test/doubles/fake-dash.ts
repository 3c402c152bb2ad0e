import type { DashId, GetProp, SetProps } from "../../src/dash.js";

interface Component {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Renders what is set as `children` of an element of its document, as Dash would, when the test says so. */
export class FakeDash {
  /** What was set, by the JSON text of the id. */
  readonly props = new Map<string, Record<string, unknown>>();
  readonly #document: Document;
  #rendering: (() => void)[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  readonly setProps: SetProps = (id, props) => {
    const known = this.props.get(keyOf(id)) ?? {};
    this.props.set(keyOf(id), { ...known, ...props });
    const { children } = props;
    if (Array.isArray(children)) {
      this.#rendering.push(() => {
        const parent = this.#document.getElementById(keyOf(id));
        parent?.replaceChildren(...(children as Component[]).filter(({ type }) => type === "Div").map((child) => this.#div(child)));
      });
    }
    return true;
  };

  readonly getProp: GetProp = (id, name) => this.props.get(keyOf(id))?.[name];

  render(): void {
    const rendering = this.#rendering;
    this.#rendering = [];
    rendering.forEach((render) => render());
  }

  #div({ props }: Component): HTMLElement {
    const element = this.#document.createElement("div");
    for (const [name, value] of Object.entries(props)) {
      element.setAttribute(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    return element;
  }
}

export function keyOf(id: DashId): string {
  return typeof id === "string" ? id : JSON.stringify(id);
}
