/** What is asked of the frame that draws. */
export interface DrawRequest {
  readonly id: number;
  readonly source: string;
  readonly isDark: boolean;
}

export interface Drawing {
  readonly svg: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** What the diagram itself says it is, or "". */
  readonly title: string;
}

export type DrawReply =
  | { readonly kind: "ready" }
  | { readonly kind: "drawn"; readonly id: number; readonly drawing: Drawing }
  | { readonly kind: "failed"; readonly id: number; readonly reason: string };
