/** What an answer does on the dashboard, as the server writes it. */
export type PageAction =
  | (Common & { readonly do: "set"; readonly target: readonly [id: string, property: string]; readonly value: unknown })
  | (Common & { readonly do: "navigate"; readonly path: string })
  | (Common & { readonly do: "notify"; readonly title: string });

interface Common {
  /** The control, the page or the notification, in words. */
  readonly label: string;
  readonly state: "open" | "done" | "failed";
  readonly problem?: string;
  /** The value that a control had. */
  readonly before?: unknown;
}

/** What became of it. */
export type Outcome =
  | { readonly done: true; readonly before?: unknown }
  | { readonly done: false; readonly problem: "missing" | "value" };
