import type { SubmitKey } from "../config.js";

/** Some input methods report the Enter that picks a word with this code only, after composition has ended. */
const IME_KEY_CODE = 229;

/** Whether a key sends what is typed, rather than begin a new line or pick a word of an input method. */
export function isSubmit(event: KeyboardEvent, submitKey: SubmitKey): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === IME_KEY_CODE) {
    return false;
  }
  return submitKey === "enter" || event.ctrlKey || event.metaKey;
}
