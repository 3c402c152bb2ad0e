import { createElement } from "./element.js";

/** When a message was written, in the words of the reader's language: the time, and the day where it is not today. */
export class MessageTime {
  readonly element: HTMLTimeElement;

  constructor(document: Document, ms: number) {
    const date = new Date(ms);
    const isToday = date.toDateString() === new Date().toDateString();
    this.element = createElement(document, "time", "chat-message-time", (isToday ? TIME : DAY_AND_TIME).format(date));
    this.element.dir = "auto";
    this.element.dateTime = date.toISOString();
    this.element.title = WHOLE.format(date);
  }
}

// Making one takes longer than using it a hundred times.
const TIME = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
