/** A block that shows its source in its own way. */
export interface BlockView {
  readonly element: Element;
  /** Shows `text`; `closed` tells that no more will come. */
  update(text: string, closed: boolean): void;
}
