/** A position in a run's log, written `epoch-seq` on the wire (a valid Redis Stream id). */
export interface FrameId {
  /** The run's start, in milliseconds since 1970. */
  readonly epoch: number;
  /** Counts 1, 2, 3 … without gaps. */
  readonly seq: number;
}

const PATTERN = /^(\d{1,15})-([1-9]\d{0,14})$/;

/** Returns null when the text is not a frame id. Fifteen digits stay exact in a JavaScript number. */
export function parseFrameId(text: string): FrameId | null {
  const match = PATTERN.exec(text);
  return match ? { epoch: Number(match[1]), seq: Number(match[2]) } : null;
}

export function formatFrameId(id: FrameId): string {
  return `${id.epoch}-${id.seq}`;
}
