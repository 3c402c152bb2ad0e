/** Where Dash puts its configuration for its own renderer, on every page. */
const CONFIG_ID = "_dash-config";

/** Whether the page has Dash's developer tools: what `app.run(debug=True)` switches on, and no server for users does. */
export function hasDevTools(document: Document): boolean {
  try {
    const config = JSON.parse(document.getElementById(CONFIG_ID)?.textContent ?? "null") as { ui?: unknown } | null;
    return config?.ui === true;
  } catch {
    return false;
  }
}
