import { createElement } from "./element.js";

/** A button in a line of text. */
export function createTextButton(document: Document, label: string, press: () => void): HTMLButtonElement {
  const button = createElement(document, "button", "chat-text-button", label);
  button.type = "button";
  button.addEventListener("click", press);
  return button;
}
