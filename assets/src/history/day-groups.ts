import type { ThreadSummary } from "./kept-thread";

export type Span = "today" | "yesterday" | "week" | "older";

/** Conversations of about the same time. */
export interface DayGroup {
  readonly span: Span;
  readonly threads: readonly ThreadSummary[];
}

const SPANS: readonly Span[] = ["today", "yesterday", "week", "older"];
const WEEK_DAYS = 7;

/** Groups conversations by the reader's own days, in their order; what has a date in the future is of today. */
export function dayGroups(threads: readonly ThreadSummary[], nowMs: number): DayGroup[] {
  const starts = { yesterday: daysBefore(nowMs, 1), today: daysBefore(nowMs, 0), week: daysBefore(nowMs, WEEK_DAYS) };
  const spanOf = ({ updated }: ThreadSummary): Span =>
    updated >= starts.today ? "today" : updated >= starts.yesterday ? "yesterday" : updated >= starts.week ? "week" : "older";
  return SPANS.map((span) => ({ span, threads: threads.filter((thread) => spanOf(thread) === span) })).filter(
    (group) => group.threads.length > 0,
  );
}

/** When that day began, by the reader's calendar: not all days have 24 hours. */
function daysBefore(nowMs: number, days: number): number {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime();
}
