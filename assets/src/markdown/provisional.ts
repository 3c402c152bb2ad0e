/**
 * Makes an unfinished source look like what it most likely becomes, so that a streamed answer does not flicker.
 * Never applied to finished text.
 */

import { findFormula } from "../math/formula-syntax.js";

/** What containers put before the text of a line. */
const CONTAINERS = "(?:[ \\t>]|(?:[-+*]|\\d{1,9}[.)])(?=[ \\t]))*";
const FENCE = new RegExp(`^${CONTAINERS}(\`{3,}(?=[^\`]*$)|~{3,})`);
/** A last line from which it can't be seen what it begins, or which only says how to show what follows. */
const UNDECIDED = new RegExp(
  `^${CONTAINERS}(?:` +
    [
      "[-+*=_]+[ \\t]*", // a list item, a rule, the underline of a heading
      "\\d{1,9}[.)]?[ \\t]*", // an item of a numbered list
      "#{1,6}[ \\t]*",
      ">+",
      "[ \\t|:-]+", // the second line of a table
      "`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}.*", // a code block, and the name of its language
      "</?[a-z]*|<summary>|<details(?:[ \\t]+[a-z]*)?>?[ \\t]*(?:<[a-z]*)?", // a section and its title
      "!?\\[(?!\\^[^\\]]*\\]:)[^\\]]*(?:\\](?::.*)?)?", // the definition of a link
    ].join("|") +
    ")$",
  "i",
);
const FENCE_END = new RegExp(`^${CONTAINERS}(?:\`+|~+)[ \\t]*$`);

/** Characters. To look closer at a longer line would take longer than it is worth. */
const LONGEST_UNDECIDED = 2_000;

/** Leaves out a last line that says nothing yet. */
export function withoutUndecidedLine(source: string): string {
  const start = source.lastIndexOf("\n") + 1;
  const line = source.slice(start);
  const undecided = isInFence(source.slice(0, start)) ? FENCE_END : UNDECIDED;
  return line !== "" && line.length <= LONGEST_UNDECIDED && undecided.test(line) ? source.slice(0, start) : source;
}

function isInFence(source: string): boolean {
  let fence = "";
  if (!/`{3}|~{3}/.test(source)) {
    return false;
  }
  for (const line of source.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (mark === undefined) {
      continue;
    }
    if (fence === "") {
      fence = mark;
    } else if (mark[0] === fence[0] && mark.length >= fence.length && line.trimEnd().endsWith(mark)) {
      fence = "";
    }
  }
  return fence !== "";
}

const AUTOLINK = /<[a-z][a-z0-9+.-]{1,31}:[^\s<>]*>/iy;
const HALF_TAG = /<\/?(?:b|br|br[ \t]*\/?|d|de|det|deta|detai|detail|details|s|su|sum|summ|summa|summar|summary)?$/iy;
const HALF_AUTOLINK = /<((?:h|ht|htt|http|https|m|ma|mai|mail|mailt|mailto)|(?:https?|mailto):[^\s<>]*)$/iy;
const HALF_MARK = /(?<!\\)(?:&(?:#\d*|#x[0-9a-f]*|[a-z][a-z0-9]*)?|!)$/i;
const HALF_TASK = /^\[[ x]?(?:\][ \t]*)?$/i;
const TASK = /^\[[ x]\][ \t]+/i;
const DESTINATION = /\((?:[^()\\\n]|\\.|\([^()]*\))*\)/y;

/** A run of marks; `length` is what of it is still open. */
interface Opener { readonly mark: string; readonly run: number; readonly isInWord: boolean; length: number }

/** Characters of a paragraph; of a longer one, what is not closed is seen until it is. */
const LONGEST_CLOSED = 20_000;

/** Leaving out one mark may bare another; a text of nothing but marks is not worth more. */
const MOST_PASSES = 8;

/** Closes what the last paragraph of an unfinished text has opened, and leaves out marks that say nothing yet. */
export function closeInline(content: string, passes = MOST_PASSES): string {
  const [task = ""] = TASK.exec(content) ?? [];
  const rest = content.slice(task.length);
  if (HALF_TASK.test(rest)) {
    return "";
  }
  if (content.length > LONGEST_CLOSED) {
    return content;
  }
  const closed = new UnfinishedInline(rest.trimEnd()).close(passes);
  return closed && task + closed;
}

/** One pass over the text of a paragraph that is not complete. */
class UnfinishedInline {
  #text: string;
  #position = 0;
  #openers: Opener[] = [];
  #brackets: number[] = [];
  #verbatim = "";

  constructor(text: string) {
    this.#text = withoutLastMark(text).trimEnd();
  }

  close(passes: number): string {
    const before = this.#text;
    while (this.#position < this.#text.length) {
      this.#step(this.#text[this.#position]!);
    }
    for (const start of this.#brackets.reverse()) {
      this.#cut(start, start + 1);
    }
    // What is left may now end with a mark that opens nothing.
    if (this.#verbatim === "" && this.#text !== before && passes > 1) {
      return closeInline(this.#text, passes - 1);
    }
    return this.#text + this.#verbatim + this.#openers.reverse().map(({ mark, length }) => mark.repeat(length)).join("");
  }

  #step(character: string): void {
    const formula = findFormula(this.#text, this.#position);
    if (formula) {
      this.#position = formula.end;
    } else if (character === "\\") {
      this.#position += 2;
    } else if (character === "`") {
      this.#code();
    } else if (character === "<") {
      this.#angle();
    } else if (character === "[") {
      this.#bracket();
    } else if (character === "]") {
      this.#closingBracket();
    } else if (character === "*" || character === "_" || character === "~") {
      this.#delimiters(character);
    } else {
      this.#position += 1;
    }
  }

  #code(): void {
    const run = /`+/y;
    run.lastIndex = this.#position;
    const mark = run.exec(this.#text)![0];
    const start = this.#position + mark.length;
    const end = new RegExp(`(?<!\`)${mark}(?!\`)`, "g");
    end.lastIndex = start;
    if (end.test(this.#text)) {
      this.#position = end.lastIndex;
      return;
    }
    const code = this.#text.slice(start);
    const rest = code.replace(/`+$/, "");
    this.#verbatim = rest === "" ? "" : mark;
    this.#text = this.#text.slice(0, rest === "" ? this.#position : start) + rest;
    this.#position = this.#text.length;
  }

  #angle(): void {
    AUTOLINK.lastIndex = HALF_TAG.lastIndex = HALF_AUTOLINK.lastIndex = this.#position;
    const autolink = AUTOLINK.exec(this.#text);
    const half = HALF_AUTOLINK.exec(this.#text);
    if (autolink) {
      this.#position += autolink[0].length;
    } else if (half) {
      this.#cut(this.#position, this.#position + 1);
    } else if (HALF_TAG.test(this.#text)) {
      this.#cut(this.#position);
    } else {
      this.#position += 1;
    }
  }

  #bracket(): void {
    const { [this.#position + 1]: next, [this.#position - 1]: previous } = this.#text;
    const isHidden = next === "^" || previous === "!";
    if (isHidden && !this.#text.includes("]", this.#position)) {
      this.#cut(this.#position - (previous === "!" ? 1 : 0));
    } else {
      this.#brackets.push(this.#position);
      this.#position += 1;
    }
  }

  #closingBracket(): void {
    const start = this.#brackets.pop();
    const position = (this.#position += 1);
    const next = this.#text[position];
    if (start === undefined || this.#text[start + 1] === "^") {
      return;
    }
    DESTINATION.lastIndex = position;
    if (next === "(" && DESTINATION.test(this.#text)) {
      this.#position = DESTINATION.lastIndex;
    } else if (next === undefined || next === "(" || (next === "[" && !this.#text.includes("]", position))) {
      if (this.#text[start - 1] === "!") {
        this.#cut(start - 1);
      } else {
        this.#cut(position - 1);
        this.#cut(start, start + 1);
      }
    }
  }

  #delimiters(mark: string): void {
    let end = this.#position;
    while (this.#text[end] === mark) {
      end += 1;
    }
    const before = [...this.#text.slice(Math.max(0, this.#position - 2), this.#position)].at(-1) ?? " ";
    const after = [...this.#text.slice(end, end + 2)][0] ?? " ";
    const run = end - this.#position;
    let length = run;
    const isInWord = flanks(before, after) && flanks(after, before);
    const opens = flanks(before, after) && !(isInWord && !opensInWord(mark, length, before)) && !(mark === "~" && length !== 2);
    const closes = flanks(after, before) && !(mark === "_" && isInWord && !PUNCTUATION.test(after));
    this.#position = end;
    while (closes && length > 0) {
      const index = this.#openers.map((opener) => opener.mark === mark && matches(opener, { run, isInWord })).lastIndexOf(true);
      if (index === -1) {
        break;
      }
      const opener = this.#openers[index]!;
      const used = Math.min(opener.length, length, 2) === 2 ? 2 : 1;
      this.#openers.length = index + 1;
      opener.length -= used;
      length -= used;
      if (opener.length === 0) {
        this.#openers.pop();
      }
    }
    if (end === this.#text.length && length > 0) {
      this.#text = this.#text.slice(0, -length).trimEnd();
    } else if (opens && length > 0) {
      this.#openers.push({ mark, run, isInWord, length });
    }
  }

  #cut(from: number, to = this.#text.length): void {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#position = Math.min(this.#position, this.#text.length);
  }
}

/** Without a last character that may be half a mark: of an escape, an entity, an image. */
function withoutLastMark(text: string): string {
  const escapes = /\\*$/.exec(text)![0].length;
  return escapes % 2 === 1 ? text.slice(0, -1) : text.replace(HALF_MARK, "");
}

const PUNCTUATION = /[\p{P}\p{S}]/u;

/** Whether a mark stands at the beginning of what is on its inner side, as CommonMark has it. */
function flanks(outer: string, inner: string): boolean {
  return !/\s/.test(inner) && (!PUNCTUATION.test(inner) || /[\s\p{P}\p{S}]/u.test(outer));
}

/** CommonMark's rule of three, which keeps apart an asterisk inside a word and two around it. */
function matches(opener: Pick<Opener, "run" | "isInWord">, closer: Pick<Opener, "run" | "isInWord">): boolean {
  const isAmbiguous = (opener.isInWord || closer.isInWord) && (opener.run + closer.run) % 3 === 0;
  return !isAmbiguous || opener.run % 3 === 0;
}

/** One asterisk between two words is more likely a multiplication, and the other marks are none there. */
function opensInWord(mark: string, length: number, before: string): boolean {
  return PUNCTUATION.test(before) || (mark === "*" && length > 1);
}
