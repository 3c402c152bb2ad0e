import type { PageAction } from "../dashboard/page-action";
import { labels } from "../view/labels";

/** Returns what an answer has done on the dashboard, in words. */
export function describeAction(action: PageAction): string {
  switch (action.do) {
    case "set":
      return labels.controlSet(action.label, valueText(action.value));
    case "navigate":
      return labels.pageOpened(action.label);
    case "notify":
      return labels.notified(action.label);
  }
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
}
