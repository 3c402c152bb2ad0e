import { createElement } from "./element.js";
import { createIcon, type IconName } from "./icons.js";

/** A button that shows an icon only: its name is said by screen readers, and shown as a tooltip. */
export function createIconButton(document: Document, icon: IconName, name: string, press: () => void): HTMLButtonElement {
  const button = createElement(document, "button", "chat-tool-button");
  button.type = "button";
  button.append(createIcon(document, icon));
  button.addEventListener("click", press);
  nameButton(button, name);
  return button;
}

export function nameButton(button: HTMLElement, name: string): void {
  button.setAttribute("aria-label", name);
  button.title = name;
}
