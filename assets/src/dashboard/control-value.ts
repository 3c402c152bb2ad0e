/** Returns the value in the form in which a control has its own: a list where that is a list, else not. */
export function inFormOf(before: unknown, value: unknown): unknown {
  if (Array.isArray(before)) {
    return Array.isArray(value) ? value : [value];
  }
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** What of a control says which values it can have. */
export interface Range {
  readonly options: unknown;
  readonly min: unknown;
  readonly max: unknown;
}

/** Whether a control can have a value, as far as it tells. */
export function canHave(value: unknown, { options, min, max }: Range): boolean {
  const values = Array.isArray(value) ? value : [value];
  if (Array.isArray(options)) {
    const known = options.map((option: unknown) => (isOption(option) ? option.value : option));
    return values.every((each) => known.includes(each));
  }
  return values.every((each) => (typeof min !== "number" || Number(each) >= min) && (typeof max !== "number" || Number(each) <= max));
}

function isOption(option: unknown): option is { readonly value: unknown } {
  return typeof option === "object" && option !== null && "value" in option;
}
