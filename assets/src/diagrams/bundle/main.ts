/** Draws diagrams inside a frame that can reach neither the page nor the network. Loaded with the first diagram. */

import mermaid from "mermaid";
import type { Drawing, DrawReply, DrawRequest } from "../drawing.js";
import { themes } from "./themes.js";

/** An image has no fonts but those of the system. */
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const MAX_EDGES = 500;

/** Also where the page's policy lets no style sheet through: what is measured depends on it. */
document.body.style.fontFamily = FONT;

async function draw({ source, isDark }: DrawRequest): Promise<Drawing> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    deterministicIds: true,
    maxTextSize: Infinity,
    maxEdges: MAX_EDGES,
    // An SVG that is an image shows HTML in few browsers.
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    secure: ["secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges", "htmlLabels", "fontFamily"],
    theme: "base",
    themeVariables: { ...themes[isDark ? "dark" : "light"], fontFamily: FONT },
    fontFamily: FONT,
  });
  const { svg: html } = await mermaid.render("diagram", source);
  const template = document.createElement("template");
  template.innerHTML = html;
  const svg = template.content.querySelector("svg")!;
  const [, , width = 0, height = 0] = (svg.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
  if (!(width > 0 && height > 0)) {
    throw new Error("The diagram has no size.");
  }
  svg.removeAttribute("style");
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  const title = svg.querySelector(":scope > title")?.textContent ?? "";
  return { svg: new XMLSerializer().serializeToString(svg), width, height, title };
}

/** The frame has no origin, so neither side can name the other's. */
function reply(message: DrawReply): void {
  parent.postMessage(message, "*");
}

addEventListener("message", (event: MessageEvent<DrawRequest>) => {
  if (event.source === parent) {
    const { id } = event.data;
    draw(event.data).then(
      (drawing) => reply({ kind: "drawn", id, drawing }),
      (error: unknown) => reply({ kind: "failed", id, reason: String(error) }),
    );
  }
});
reply({ kind: "ready" });
