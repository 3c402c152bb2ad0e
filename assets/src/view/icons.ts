const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 × 24 grid, drawn with the colour of the text around them. */
const PATHS = {
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  stop: "M7.5 7.5h9v9h-9z",
  down: "M12 5v14M5.5 12.5 12 19l6.5-6.5",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon without a name of its own: the button around it carries the name. */
export function createIcon(document: Document, name: IconName): SVGSVGElement {
  const icon = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("class", `chat-icon chat-icon-${name}`);
  icon.setAttribute("aria-hidden", "true");
  icon.setAttribute("focusable", "false");
  icon.append(path);
  return icon;
}
