/** A Dash component as its JSON has it. */
export interface ElementJson {
  readonly type: string;
  readonly namespace: string;
  readonly props: Readonly<Record<string, unknown>>;
}

export function isElement(tree: unknown): tree is ElementJson {
  return typeof tree === "object" && tree !== null && "props" in tree && "type" in tree;
}

/** Returns the properties of a component that are not what they were before. */
export function changedProps(before: ElementJson, now: ElementJson): Readonly<Record<string, unknown>> {
  const changed = Object.entries(now.props).filter(([name, value]) => !isSame(before.props[name], value));
  return Object.fromEntries(changed);
}

/** Whether two values are the same JSON. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) {
    return true;
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return false;
  }
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && isSame((one as Json)[name], (other as Json)[name]))
  );
}

type Json = Readonly<Record<string, unknown>>;
