/** CodeMirror's names of styles, by the few kinds of tokens that are told apart by colour. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  keyword: ["keyword", "modifier", "self", "important", "controlKeyword", "operatorKeyword"],
  string: ["string", "regexp", "character", "url", "link"],
  number: ["number", "integer", "unit", "hash"],
  constant: ["atom", "bool", "null", "constant"],
  comment: ["comment", "docComment"],
  definition: ["def", "macroName", "header", "heading"],
  builtin: ["builtin", "standard"],
  type: ["type", "typeName", "className", "namespace", "qualifier"],
  property: ["property", "propertyName", "attribute", "attributeName", "labelName"],
  tag: ["tag", "tagName"],
  meta: ["meta", "annotation", "processingInstruction", "documentMeta"],
  inserted: ["inserted"],
  deleted: ["deleted"],
};
const MODIFIED: Readonly<Record<string, string>> = {
  "variableName.definition": "definition",
  "variableName.function": "definition",
  "variableName.standard": "builtin",
  "variableName.constant": "constant",
};
const KINDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NAMES).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)),
  ...Object.entries(MODIFIED),
]);

/** The kind of token that a style of CodeMirror's is shown as. */
export function kindOf(style: string | null): string {
  for (const name of style?.split(" ") ?? []) {
    const kind = KINDS.get(name) ?? KINDS.get(name.split(".")[0]!);
    if (kind !== undefined) {
      return kind;
    }
  }
  return "";
}
