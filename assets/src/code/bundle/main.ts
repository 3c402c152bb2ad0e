/** The bundle with the languages, loaded when an answer has code in one. */

import type { Highlighter } from "../tokens.js";
import { parsers } from "./languages.js";
import { StreamTokenizer } from "./stream-tokenizer.js";

export const highlighter: Highlighter = {
  tokenizer(language) {
    const parser = parsers.get(language.toLowerCase());
    return parser ? new StreamTokenizer(parser) : null;
  },
};
