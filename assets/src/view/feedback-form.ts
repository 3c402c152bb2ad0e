import type { SubmitKey } from "../config.js";
import type { Rating } from "../state.js";
import { labels } from "./labels.js";
import { TextForm } from "./text-form.js";

export interface FeedbackFormEvents {
  /** Returns whether the comment was taken; false keeps the form open. */
  send(comment: string): boolean;
  close(): void;
}

/** Asks for a reason, which may be left out: the rating is known already. */
export function createFeedbackForm(
  document: Document,
  rating: Rating,
  maxChars: number,
  submitKey: SubmitKey,
  events: FeedbackFormEvents,
): TextForm {
  return new TextForm(document, {
    className: "chat-feedback-form",
    label: labels.comment[rating],
    isLabelShown: true,
    placeholder: labels.commentHint,
    text: "",
    maxChars,
    submit: labels.sendComment,
    cancel: labels.skipComment,
    submitKey,
    onSubmit: (comment) => {
      if (events.send(comment)) {
        events.close();
      }
    },
    onCancel: () => events.close(),
  });
}
