import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { GraphThemes } from "../../src/components/graph-themes.js";
import { FakeDash } from "../doubles/fake-dash.js";

interface Tree {
  readonly props: { readonly id?: string; readonly figure: { readonly data: unknown; readonly layout: { readonly template: unknown } } };
}

const graph = (template: unknown, props: object = {}) => ({
  namespace: "dash_core_components",
  type: "Graph",
  props: { figure: { data: [1], layout: { title: "A", template } }, ...props },
});

describe("GraphThemes", () => {
  let dash: FakeDash;
  let isDark: boolean;
  let themes: GraphThemes;

  beforeEach(() => {
    dash = new FakeDash(new JSDOM().window.document);
    dash.setProps("vizro_themes", { data: { vizro_dark: "the dark one", vizro_light: "the light one" } });
    isDark = true;
    const theme = {
      get isDark() {
        return isDark;
      },
      tell: () => {},
    };
    themes = new GraphThemes("chat-graph", dash.getProp, dash.setProps, theme);
  });

  const applied = (tree: unknown): Tree => themes.applied(tree) as Tree;

  it("puts the template of the theme in place of its name, deep within components", () => {
    const tree = { type: "Div", props: { children: ["Text", graph("vizro", { id: "sales" })] } };
    const [text, chart] = (themes.applied(tree) as { props: { children: [string, Tree] } }).props.children;
    assert.equal(text, "Text");
    assert.deepEqual(chart.props.figure, { data: [1], layout: { title: "A", template: "the dark one" } });
    assert.equal(chart.props.id, "sales");
  });

  it("leaves other templates as their author wants them", () => {
    assert.deepEqual(themes.applied(graph({ layout: {} })), graph({ layout: {} }));
  });

  it("changes the charts when the theme is switched, with what has become of them", () => {
    const first = applied(graph("vizro")).props.id!;
    const second = applied(graph("vizro")).props.id!;
    assert.notEqual(first, second);
    dash.setProps(first, { figure: { data: [1, 2], layout: { title: "Zoomed", template: "the dark one" } } });
    isDark = false;
    themes.themeChanged();
    assert.deepEqual(dash.getProp(first, "figure"), { data: [1, 2], layout: { title: "Zoomed", template: "the light one" } });
    assert.equal(dash.getProp(second, "figure"), undefined, "it is not there (any more)");
  });

  it("leaves the template out where Vizro's themes are not", () => {
    dash.setProps("vizro_themes", { data: null });
    assert.equal(applied(graph("vizro")).props.figure.layout.template, undefined);
  });
});
