import { StringStream, type StreamParser } from "@codemirror/streamparser";
import type { CodeToken, Tokenizer } from "../tokens.js";
import { kindOf } from "./kinds.js";

/** Columns of a tab and of one level of indentation; some languages read meaning from them. */
const TAB = 4;
const INDENT = 2;
/** A longer line is data rather than code, and reading it again at each update would not be linear. */
const LONGEST_LINE = 2_000;
/** Some languages try all lengths of these, of one behind the other. */
const COSTLY = /[ \t]{100}|\d{200}/;
/** A tokenizer that does not move on in this many steps does not at all. */
const IDLE_STEPS = 10;

/** Reads a language with one of CodeMirror's stream parsers. */
export class StreamTokenizer<State> implements Tokenizer<State> {
  readonly #parser: StreamParser<State>;

  constructor(parser: StreamParser<State>) {
    this.#parser = parser;
  }

  start(): State {
    return this.#parser.startState?.(INDENT) ?? ({} as State);
  }

  copy(state: State): State {
    if (this.#parser.copyState) {
      return this.#parser.copyState(state);
    }
    const copy = { ...state };
    for (const [key, value] of Object.entries(copy as object)) {
      if (Array.isArray(value)) {
        Object.assign(copy as object, { [key]: [...(value as unknown[])] });
      }
    }
    return copy;
  }

  line(text: string, state: State): CodeToken[] {
    if (text === "") {
      this.#parser.blankLine?.(state, INDENT);
      return [];
    }
    if (text.length > LONGEST_LINE || COSTLY.test(text)) {
      return [{ kind: "", text }];
    }
    const tokens: CodeToken[] = [];
    const stream = new StringStream(text, TAB, INDENT);
    while (!stream.eol()) {
      const kind = this.#next(stream, state);
      const previous = tokens.at(-1);
      if (previous?.kind === kind) {
        tokens[tokens.length - 1] = { kind, text: previous.text + stream.current() };
      } else {
        tokens.push({ kind, text: stream.current() });
      }
    }
    return tokens;
  }

  #next(stream: StringStream, state: State): string {
    stream.start = stream.pos;
    for (let step = 0; step < IDLE_STEPS; step += 1) {
      const style = this.#parser.token(stream, state);
      if (stream.pos > stream.start) {
        return kindOf(style);
      }
    }
    stream.next();
    return "";
  }
}
