/** A piece of a line of code. Its kind is "" for plain text, else names the class `chat-token-{kind}`. */
export interface CodeToken {
  readonly kind: string;
  readonly text: string;
}

/** Reads one language line by line. What it knows between two lines is its state. */
export interface Tokenizer<State = unknown> {
  start(): State;
  copy(state: State): State;
  /** Reads a line, without its end, and brings `state` to where the next line begins. */
  line(text: string, state: State): CodeToken[];
}

/** What the bundle with the languages offers. */
export interface Highlighter {
  /** The tokenizer of a language, by any of its names, or null if it is not known. */
  tokenizer(language: string): Tokenizer | null;
}
