const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 × 24 grid, drawn with the colour of the text around them. */
const PATHS = {
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  stop: "M7.5 7.5h9v9h-9z",
  down: "M12 5v14M5.5 12.5 12 19l6.5-6.5",
  assistant: "M12 3.5c.8 4.9 3.6 7.7 8.5 8.5-4.9.8-7.7 3.6-8.5 8.5-.8-4.9-3.6-7.7-8.5-8.5 4.9-.8 7.7-3.6 8.5-8.5z",
  chat: "M4.5 5h15v11.5h-8L7 20v-3.5H4.5z",
  examples: "M4 5h16v11.5h-9.5L6 20v-3.5H4zM8.5 9h7M8.5 12.5h4.5",
  threads: "M4 5h16v14H4zM9.5 5v14M6.3 8.5h.9M6.3 11.5h.9",
  "new-chat": "M11.5 5H5v14h14v-6.5M9.5 14.5l.7-3L18 3.7l2.3 2.3-7.8 7.8z",
  search: "M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l5 5",
  menu: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  export: "M12 4v11M7 10.5l5 5 5-5M5 19.5h14",
  clear: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 11v5M13.7 11v5",
  attach: "M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.9 7.9a1.5 1.5 0 0 1-2.2-2.2l7.2-7.2",
  file: "M6.5 3.5h7l4.5 4.5v12.5H6.5zM13.5 3.5V8H18",
  close: "M7 7l10 10M17 7 7 17",
  copy: "M9 9h10.5v10.5H9zM15 6V4.5H4.5V15H6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  regenerate: "M18.8 10a7.2 7.2 0 1 0 .3 4M19.5 4.5V10H14",
  edit: "M4.5 19.5l.9-4.2L15.8 4.9l3.3 3.3L8.7 18.6zM13.5 7.2l3.3 3.3",
  "rate-up": "M7.5 11v8.5h-3V11zM7.5 11l3.7-6.5c1.5 0 2.4 1 2.1 2.5l-.7 3.5h5.6a1.6 1.6 0 0 1 1.6 1.9l-1 5.5a2 2 0 0 1-2 1.6H7.5",
  "rate-down":
    "M7.5 13V4.5h-3V13zM7.5 13l3.7 6.5c1.5 0 2.4-1 2.1-2.5l-.7-3.5h5.6a1.6 1.6 0 0 0 1.6-1.9l-1-5.5a2 2 0 0 0-2-1.6H7.5",
  previous: "M14.5 6l-6 6 6 6",
  next: "M9.5 6l6 6-6 6",
  wrap: "M4 6h16M4 12h12.5a3.5 3.5 0 0 1 0 7H13M15.5 16 13 19l2.5 3M4 18h5",
  tool: "M14.5 6.5a4 4 0 0 0 4.9 4.9L12 18.8a2.3 2.3 0 0 1-3.3-3.3l7.4-7.4",
  failed: "M12 7.5v5.5M12 16.3h.01M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
  source: "M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5",
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
