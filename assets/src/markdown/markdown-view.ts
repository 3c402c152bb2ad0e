import type { MarkdownIt, Token } from "markdown-it";
import { BlockGroups } from "./block-groups.js";
import { BlockBuilder } from "./blocks.js";
import { NOTE_PREFIX, type AddressPolicy } from "./address-policy.js";
import { createEnv, createParser, type ParseEnv } from "./parser.js";
import { withoutUndecidedLine } from "./provisional.js";
import { Reconciler, type PlacedBlock } from "./reconciler.js";
import type { FragmentSource } from "./sanitizer.js";
import { citationsIn, emptyNotes, type Notes } from "./syntax/footnotes.js";
import type { Widgets } from "./widgets.js";

type References = NonNullable<ParseEnv["references"]>;

export interface MarkdownOptions {
  readonly sanitizer: FragmentSource;
  readonly policy: AddressPolicy;
  readonly widgets: Widgets;
  /** The chat's, for ids that no other chat of the page has. */
  readonly id: string;
}

/** What all Markdown views of a chat share. */
export class MarkdownRenderer {
  readonly parser: MarkdownIt;
  readonly reconciler: Reconciler;
  readonly #id: string;
  #texts = 0;

  constructor({ sanitizer, policy, widgets, id }: MarkdownOptions) {
    this.parser = createParser(policy);
    this.reconciler = new Reconciler(sanitizer, widgets);
    this.#id = id;
  }

  /** Begins the ids in a text. */
  newPrefix(): string {
    this.#texts += 1;
    return `${NOTE_PREFIX}${this.#id}-${this.#texts}-`;
  }
}

/**
 * Shows a growing Markdown text in an element of its own.
 *
 * The cost is linear in the text: blocks that no later text can change are frozen, their source is not parsed and
 * their nodes are not touched again. Only the open tail is parsed at each update.
 */
export class MarkdownView {
  readonly #groups: BlockGroups;
  readonly #renderer: MarkdownRenderer;
  #text = "";
  #ended = false;
  #frozenSource = "";
  #frozen: PlacedBlock[] = [];
  #tail: PlacedBlock[] = [];
  #notes: Notes;
  #references: Readonly<References> = {};

  constructor(container: Element, renderer: MarkdownRenderer) {
    this.#groups = new BlockGroups(container, renderer.reconciler);
    this.#renderer = renderer;
    this.#notes = emptyNotes(renderer.newPrefix());
  }

  /** Shows `text`; `ended` tells that it is complete. */
  update(text: string, ended: boolean): void {
    if (text === this.#text && ended === this.#ended) {
      return;
    }
    this.#text = text;
    this.#ended = ended;
    if (!text.startsWith(this.#frozenSource)) {
      this.#thaw();
    }
    const env = this.#renderTail();
    if (ended && this.#frozenSource !== "" && this.#changesFrozen(env)) {
      this.#thaw();
      this.#renderTail();
    }
  }

  #renderTail(): ParseEnv {
    const rest = this.#text.slice(this.#frozenSource.length);
    const source = this.#ended ? rest : withoutUndecidedLine(rest);
    const env = createEnv(!this.#ended, this.#notes, this.#references);
    const { parser } = this.#renderer;
    const tokens = parser.parse(source, env);
    const blocks = new BlockBuilder(parser, tokens, env).build();
    this.#tail = this.#groups.reconcile(this.#frozen, this.#tail, blocks);
    if (!this.#ended) {
      this.#freeze(source, tokens, env);
    }
    return env;
  }

  /** Definitions change links in blocks above them, and a note that has none is no note. */
  #changesFrozen({ references, found }: ParseEnv): boolean {
    const { citations, definitions } = this.#notes;
    return (
      Object.keys(references ?? {}).length > 0 ||
      citations.some((label) => !definitions.has(label) && !found.labels.has(label))
    );
  }

  /** Takes everything up as open again, with the nodes it has. */
  #thaw(): void {
    this.#tail = [...this.#frozen, ...this.#tail];
    this.#frozen = [];
    this.#frozenSource = "";
    this.#notes = emptyNotes(this.#notes.prefix);
    this.#references = {};
  }

  /**
   * Freezes the blocks above the last block that stands after a blank line and whose first line is complete: no
   * later text can join it to what is above. ("2" after a list "1. a" begins a paragraph; "2. b" goes on with the
   * list. Without the line's end one can't know.)
   */
  #freeze(source: string, tokens: readonly Token[], env: ParseEnv): void {
    const starts = lineStarts(source);
    let count = 0;
    let frozenCount = 0;
    let firstOpen = 0;
    let openLine = 0;
    for (const [index, token] of tokens.entries()) {
      if (token.level !== 0 || token.nesting === -1 || !token.map) {
        continue;
      }
      const line = token.map[0];
      const start = starts[line]!;
      const isComplete = starts[line + 1] !== undefined;
      if (count > 0 && isComplete && source.slice(starts[line - 1], start).trim() === "") {
        frozenCount = count;
        firstOpen = index;
        openLine = line;
      }
      count += 1;
    }
    if (frozenCount === 0) {
      return;
    }
    const frozenSource = source.slice(0, starts[openLine]);
    this.#frozen.push(...this.#tail.splice(0, frozenCount));
    this.#frozenSource += frozenSource;
    this.#notes = {
      prefix: this.#notes.prefix,
      citations: [...this.#notes.citations, ...citationsIn(tokens.slice(0, firstOpen))],
      definitions: new Map([
        ...env.found.definitions.filter(({ line }) => line < openLine).map(({ label, tokens: text }) => [label, text] as const).reverse(),
        ...this.#notes.definitions,
      ]),
    };
    this.#references = this.#definedIn(frozenSource, env);
  }

  /** The definitions of links that are known below `source`, of which `env` may have found some further down. */
  #definedIn(source: string, { references }: ParseEnv): Readonly<References> {
    if (Object.keys(references ?? {}).length === Object.keys(this.#references).length) {
      return this.#references;
    }
    const env = createEnv(true, this.#notes, this.#references);
    this.#renderer.parser.block.parse(source, this.#renderer.parser, env, []);
    return env.references ?? {};
  }
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { 0: end, index } of source.matchAll(/\r\n?|\n/g)) {
    starts.push(index + end.length);
  }
  return starts;
}
