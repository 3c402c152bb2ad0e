import type { GetProp, SetProps } from "../dash";
import type { ThemeUser, ThemeWatch } from "../diagrams/theme-watch";

/** Where Vizro keeps the templates of its themes. */
const STORE = "vizro_themes";
/** What the server writes in place of one of them. */
const NAME = "vizro";

type Json = Readonly<Record<string, unknown>>;

/** Gives the charts of answers the template of Vizro's present theme, as Vizro does with the charts of its pages. */
export class GraphThemes implements ThemeUser {
  readonly #prefix: string;
  readonly #getProp: GetProp;
  readonly #setProps: SetProps;
  readonly #theme: Pick<ThemeWatch, "isDark" | "tell">;
  /** Of all charts that follow the theme. */
  readonly #ids = new Set<string>();
  #named = 0;

  /** @param prefix of the ids of charts that have none. */
  constructor(prefix: string, getProp: GetProp, setProps: SetProps, theme: Pick<ThemeWatch, "isDark" | "tell">) {
    this.#prefix = prefix;
    this.#getProp = getProp;
    this.#setProps = setProps;
    this.#theme = theme;
    theme.tell(this);
  }

  /** Returns components with the template in place of its name, and an id for each chart that has it. */
  applied(tree: unknown): unknown {
    if (Array.isArray(tree)) {
      return tree.map((item) => this.applied(item));
    }
    if (!isObject(tree)) {
      return tree;
    }
    const copy = Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, this.applied(value)]));
    const { props } = copy;
    if (isObject(props) && isObject(props["figure"]) && isNamed(props["figure"])) {
      const id = typeof props["id"] === "string" ? props["id"] : `${this.#prefix}-${(this.#named += 1)}`;
      this.#ids.add(id);
      return { ...copy, props: { ...props, id, figure: this.#themed(props["figure"]) } };
    }
    return copy;
  }

  themeChanged(): void {
    for (const id of this.#ids) {
      const figure = this.#getProp(id, "figure");
      if (!isObject(figure) || !this.#setProps(id, { figure: this.#themed(figure) })) {
        this.#ids.delete(id);
      }
    }
  }

  #themed(figure: Json): Json {
    const templates = this.#getProp(STORE, "data");
    const template = isObject(templates) ? templates[this.#theme.isDark ? "vizro_dark" : "vizro_light"] : undefined;
    return { ...figure, layout: { ...(figure["layout"] as object), template } };
  }
}

function isNamed(figure: Json): boolean {
  return isObject(figure["layout"]) && figure["layout"]["template"] === NAME;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
