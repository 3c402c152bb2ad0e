/** What of a control says which values it can have, as far as it has these properties. */
export interface Control {
  /** The value that it has. */
  readonly before: unknown;
  readonly options?: unknown;
  readonly multi?: unknown;
  /** Whether a value is the way to it through the options. */
  readonly fullPath?: unknown;
  readonly min?: unknown;
  readonly max?: unknown;
  readonly minDate?: unknown;
  readonly maxDate?: unknown;
}

/** Returns the value in the form in which a control has its own: a list where that is a list, else not. */
export function inFormOf(control: Control, value: unknown): unknown {
  if (control.fullPath === true) {
    return value;
  }
  if (hasLists(control) ?? Array.isArray(value)) {
    return Array.isArray(value) ? value : [value];
  }
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Whether a control can have a value, as far as it tells. */
export function canHave(control: Control, value: unknown): boolean {
  const { before, options, min, max, minDate, maxDate } = control;
  if (control.fullPath !== true && Array.isArray(value) !== (hasLists(control) ?? Array.isArray(value))) {
    return false;
  }
  const values = valuesOf(control, value);
  if (typeof options === "object" && options !== null) {
    const known = valuesIn(options);
    return values.every((each) => known.includes(each));
  }
  if (typeof min === "number" || typeof max === "number") {
    const isWhole = !Array.isArray(value) || !Array.isArray(before) || value.length === before.length;
    return isWhole && values.every((each) => typeof each === "number" && !(each < numberOf(min)) && !(each > numberOf(max)));
  }
  return values.every((each) => !(dayOf(each) < dayOf(minDate)) && !(dayOf(each) > dayOf(maxDate)));
}

/** undefined: it has no value, and does not say. */
function hasLists({ before, multi }: Control): boolean | undefined {
  return typeof multi === "boolean" ? multi : before === null ? undefined : Array.isArray(before);
}

function valuesOf({ fullPath, multi }: Control, value: unknown): readonly unknown[] {
  const values = Array.isArray(value) && !(fullPath === true && multi === false) ? value : [value];
  return fullPath === true ? values.map((path) => (Array.isArray(path) ? path.at(-1) : undefined)) : values;
}

/** Returns what can be chosen of options: a list, or an object that has them as its names; both may be trees. */
function valuesIn(options: object): unknown[] {
  if (Array.isArray(options)) {
    return options.flatMap((option: unknown) => (isOption(option) ? below(option.children, option.value) : [option]));
  }
  return Object.entries(options).flatMap(([value, inner]) => below(inner, value));
}

function below(options: unknown, value: unknown): unknown[] {
  return typeof options === "object" && options !== null ? valuesIn(options) : [value];
}

function isOption(option: unknown): option is { readonly value: unknown; readonly children?: unknown } {
  return typeof option === "object" && option !== null && "value" in option;
}

/** NaN, which is neither less nor more, of what is none. */
function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

/** As a number, in the same way. */
function dayOf(value: unknown): number {
  return typeof value === "string" ? Date.parse(value.slice(0, "2000-01-01".length)) : Number.NaN;
}
