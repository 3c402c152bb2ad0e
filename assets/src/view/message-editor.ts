import type { SubmitKey } from "../config.js";
import { labels } from "./labels.js";
import { TextForm } from "./text-form.js";

export interface MessageEditorEvents {
  /** Returns whether the text was taken; false keeps the editor open. */
  save(text: string): boolean;
  close(): void;
}

/** A question as a field, until it is asked anew or left as it is. */
export function createMessageEditor(
  document: Document,
  text: string,
  submitKey: SubmitKey,
  events: MessageEditorEvents,
): TextForm {
  return new TextForm(document, {
    className: "chat-message-editor",
    label: labels.editField,
    isLabelShown: false,
    placeholder: "",
    text,
    maxChars: null,
    submit: labels.save,
    cancel: labels.cancel,
    submitKey,
    onSubmit: (changed) => {
      if (changed === text.trim() || events.save(changed)) {
        events.close();
      }
    },
    onCancel: () => events.close(),
  });
}
