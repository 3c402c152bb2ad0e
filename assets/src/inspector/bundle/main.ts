/** The bundle of the inspector, loaded on pages with Dash's developer tools. Its style sheet is loaded beside it. */

import type { Inspectors } from "../inspection.js";
import { Panel } from "./panel.js";

export const inspectors: Inspectors = {
  open: (root, tap, tools) => new Panel(root, tap, tools),
};
