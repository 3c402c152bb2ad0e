import { plainText } from "../markdown/plain-text.js";

/** What has formulas copied from the page as their source, instead of as the pieces they are set from. */
export function copyFormulasAsSource(transcript: HTMLElement, signal: AbortSignal): void {
  const copy = (event: ClipboardEvent): void => {
    const selection = transcript.ownerDocument.getSelection();
    if (!selection || selection.rangeCount === 0 || !event.clipboardData) {
      return;
    }
    const range = selection.getRangeAt(0);
    const formulas = [...transcript.querySelectorAll("[data-chat-source]")].filter((formula) => range.intersectsNode(formula));
    if (formulas.length === 0) {
      return;
    }
    const whole = range.cloneRange();
    // Half a formula is copied as a whole one.
    if (formulas[0]!.contains(whole.startContainer)) {
      whole.setStartBefore(formulas[0]!);
    }
    if (formulas.at(-1)!.contains(whole.endContainer)) {
      whole.setEndAfter(formulas.at(-1)!);
    }
    const fragment = whole.cloneContents();
    fragment.querySelectorAll(".chat-code-header, .chat-table-tools").forEach((tools) => tools.remove());
    event.clipboardData.setData("text/plain", plainText(fragment).trim());
    event.preventDefault();
  };
  transcript.addEventListener("copy", copy, { signal });
}
