/** The bundle for mathematics, loaded when an answer has a formula. Its style sheet is loaded beside it. */

import katex from "katex";
import type { Typesetter } from "../formulas.js";

/** Em; and how many macros one formula may expand. What an answer says must not cover the page or hang it. */
const MAX_SIZE = 20;
const MAX_EXPAND = 1_000;
/** Levels of elements; formulas of some hundred end the tab in Chromium's layout. */
const DEEPEST = 250;
/** What defines a macro: a few may make a formula of any length, whatever the number of expansions. */
const DEFINITION = /\\(?:[egx]?def|(?:global\s*)?let|futurelet|(?:re|provide)?(?:new)?command)(?![a-z])/i;

export const typesetter: Typesetter = {
  typeset(source, element, isDisplay) {
    if (DEFINITION.test(source)) {
      throw new Error("Macros can't be defined here.");
    }
    const typeset = element.ownerDocument.createElement("span");
    katex.render(source, typeset, {
      displayMode: isDisplay,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "ignore",
      trust: false,
      maxSize: MAX_SIZE,
      maxExpand: MAX_EXPAND,
    });
    if (depthOf(typeset) > DEEPEST) {
      throw new Error("The formula is nested too deeply.");
    }
    element.replaceChildren(...typeset.childNodes);
  },
};

/** How many levels of elements there are. */
function depthOf(root: Element): number {
  let depth = 0;
  for (let level = [...root.children]; level.length > 0; level = level.flatMap(({ children }) => [...children])) {
    depth += 1;
  }
  return depth;
}
