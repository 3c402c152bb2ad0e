/** The bundle for mathematics, loaded when an answer has a formula. Its style sheet is loaded beside it. */

import katex from "katex";
import type { Typesetter } from "../formulas.js";

/** Em; and how many macros one formula may expand. What an answer says must not cover the page or hang it. */
const MAX_SIZE = 20;
const MAX_EXPAND = 1_000;

export const typesetter: Typesetter = {
  typeset(source, element, isDisplay) {
    katex.render(source, element, {
      displayMode: isDisplay,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "ignore",
      trust: false,
      maxSize: MAX_SIZE,
      maxExpand: MAX_EXPAND,
    });
  },
};
