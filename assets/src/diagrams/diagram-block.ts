import { CodeBlock, type CodeTools } from "../code/code-block.js";
import type { BundleUser, LazyBundle } from "../lazy/lazy-bundle.js";
import type { BlockView } from "../markdown/block-view.js";
import { createElement } from "../view/element.js";
import { createIcon } from "../view/icons.js";
import { labels } from "../view/labels.js";
import type { Drawing } from "./drawing.js";
import type { DiagramSandbox } from "./sandbox.js";
import type { ThemeUser, ThemeWatch } from "./theme-watch.js";

/** Characters. What is longer is not drawn. */
const LONGEST_SOURCE = 20_000;

export interface DiagramTools {
  readonly code: CodeTools;
  readonly sandbox: LazyBundle<Pick<DiagramSandbox, "draw">>;
  readonly theme: Pick<ThemeWatch, "isDark" | "tell">;
}

/** A diagram: the code block that it is written as until it is complete, then its picture with the code at hand. */
export class DiagramBlock implements BlockView, BundleUser, ThemeUser {
  readonly element: HTMLElement;
  readonly #tools: DiagramTools;
  readonly #source: CodeBlock;
  readonly #figure: HTMLElement;
  readonly #image: HTMLImageElement;
  readonly #note: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  #asked = "";

  constructor(tools: DiagramTools) {
    const { document, regions } = tools.code;
    this.#tools = tools;
    this.#source = new CodeBlock("mermaid", tools.code);
    this.element = this.#source.element;
    this.element.classList.add("chat-diagram");
    this.#figure = createElement(document, "div", "chat-diagram-figure");
    this.#image = createElement(document, "img", "chat-diagram-image");
    this.#figure.append(this.#image);
    this.#note = createElement(document, "div", "chat-diagram-note", labels.notDrawn);
    this.#toggle = this.#createToggle();
    this.#source.header.querySelector("button")!.before(this.#toggle);
    this.#source.body.before(this.#figure, this.#note);
    this.#showSource(true);
    this.#figure.hidden = this.#note.hidden = this.#toggle.hidden = true;
    this.#image.addEventListener("error", () => this.#fail());
    regions.watch(this.#figure, this.#image, labels.diagram);
    tools.theme.tell(this);
  }

  update(text: string, closed: boolean): void {
    this.#source.update(text);
    if (closed && text.trim() !== "" && text !== this.#asked) {
      this.#asked = text;
      if (text.length > LONGEST_SOURCE) {
        this.#fail();
      } else if (this.#tools.sandbox.use(this)) {
        this.bundleLoaded();
      }
    }
  }

  bundleLoaded(): void {
    const { sandbox, theme } = this.#tools;
    const [source, isDark] = [this.#asked, theme.isDark];
    void sandbox
      .use(this)!
      .draw(source, isDark)
      .then(
        (drawing) => {
          if (source === this.#asked && isDark === theme.isDark) {
            this.#show(drawing);
          } else {
            this.bundleLoaded();
          }
        },
        () => this.#fail(),
      );
  }

  themeChanged(): void {
    // What is not drawn yet is when it comes, and then anew if it is for another theme.
    if (!this.#toggle.hidden) {
      this.bundleLoaded();
    }
  }

  #show({ svg, width, height, title }: Drawing): void {
    const image = this.#image;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    image.width = Math.ceil(width);
    image.height = Math.ceil(height);
    image.alt = title === "" ? labels.diagram : `${labels.diagram}: ${title}`;
    if (this.#toggle.hidden) {
      this.#toggle.hidden = false;
      this.#showSource(false);
    }
  }

  #fail(): void {
    this.#showSource(true);
    this.#toggle.hidden = true;
    this.#note.hidden = false;
  }

  #showSource(isShown: boolean): void {
    this.#figure.hidden = isShown;
    this.#source.body.hidden = !isShown;
    this.element.toggleAttribute("data-drawn", !isShown);
    const label = isShown ? labels.showDiagram : labels.showSource;
    this.#toggle.title = label;
    this.#toggle.setAttribute("aria-label", label);
  }

  #createToggle(): HTMLButtonElement {
    const { document } = this.#tools.code;
    const toggle = createElement(document, "button", "chat-tool-button chat-source-button");
    toggle.type = "button";
    toggle.append(createIcon(document, "source"));
    toggle.addEventListener("click", () => this.#showSource(this.#source.body.hidden === true));
    return toggle;
  }
}
