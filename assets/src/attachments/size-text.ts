const UNITS = ["B", "KB", "MB", "GB"] as const;

/** A number of bytes for people: "1.3 MB". */
export function sizeText(bytes: number): string {
  let power = 0;
  let value = bytes;
  while (Math.round(value) >= 1_000 && power < UNITS.length - 1) {
    value /= 1_000;
    power += 1;
  }
  const rounded = power > 0 && value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${rounded} ${UNITS[power]}`;
}

/** What is said below a file's name: "PDF · 1.3 MB". */
export function fileText(name: string, bytes: number): string {
  const suffix = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1];
  return [...(suffix ? [suffix.toUpperCase()] : []), sizeText(bytes)].join(" · ");
}
