import { clike } from "@codemirror/legacy-modes/mode/clike";
import type { StreamParser } from "@codemirror/streamparser";

const words = (list: string): Record<string, true> => Object.fromEntries(list.split(" ").map((word) => [word, true]));

/** PHP without HTML around it, which the collection of modes does not have. */
export const php: StreamParser<unknown> = clike({
  name: "php",
  keywords: words(
    "abstract and array as break case catch class clone const continue declare default do echo else elseif enum extends " +
      "final finally fn for foreach from function global goto if implements include include_once instanceof insteadof " +
      "interface isset list match namespace new or print private protected public readonly require require_once return " +
      "static switch throw trait try unset use var while xor yield",
  ),
  types: words("bool callable float int iterable mixed never object string void"),
  blockKeywords: words("catch do else elseif finally for foreach if switch try while"),
  atoms: words("false null parent self true FALSE NULL TRUE"),
  multiLineStrings: true,
  hooks: {
    $: (stream: { eatWhile(pattern: RegExp): boolean }) => {
      stream.eatWhile(/\w/);
      return "variableName.special";
    },
    "#": (stream: { skipToEnd(): void; match(pattern: RegExp): unknown }) => {
      if (stream.match(/^\[/)) {
        return "meta";
      }
      stream.skipToEnd();
      return "comment";
    },
    "<": (stream: { match(pattern: RegExp): unknown }) => (stream.match(/^\?(?:php|=)?/) ? "meta" : false),
    "?": (stream: { match(pattern: RegExp): unknown }) => (stream.match(/^>/) ? "meta" : false),
  },
});
