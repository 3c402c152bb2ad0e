import { c, cpp, csharp, dart, java, kotlin, objectiveC, scala } from "@codemirror/legacy-modes/mode/clike";
import { clojure } from "@codemirror/legacy-modes/mode/clojure";
import { cmake } from "@codemirror/legacy-modes/mode/cmake";
import { css, less, sCSS } from "@codemirror/legacy-modes/mode/css";
import { diff } from "@codemirror/legacy-modes/mode/diff";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { erlang } from "@codemirror/legacy-modes/mode/erlang";
import { fortran } from "@codemirror/legacy-modes/mode/fortran";
import { go } from "@codemirror/legacy-modes/mode/go";
import { groovy } from "@codemirror/legacy-modes/mode/groovy";
import { haskell } from "@codemirror/legacy-modes/mode/haskell";
import { http } from "@codemirror/legacy-modes/mode/http";
import { javascript, json, typescript } from "@codemirror/legacy-modes/mode/javascript";
import { julia } from "@codemirror/legacy-modes/mode/julia";
import { lua } from "@codemirror/legacy-modes/mode/lua";
import { fSharp, oCaml } from "@codemirror/legacy-modes/mode/mllike";
import { nginx } from "@codemirror/legacy-modes/mode/nginx";
import { octave } from "@codemirror/legacy-modes/mode/octave";
import { perl } from "@codemirror/legacy-modes/mode/perl";
import { powerShell } from "@codemirror/legacy-modes/mode/powershell";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { protobuf } from "@codemirror/legacy-modes/mode/protobuf";
import { python } from "@codemirror/legacy-modes/mode/python";
import { r } from "@codemirror/legacy-modes/mode/r";
import { ruby } from "@codemirror/legacy-modes/mode/ruby";
import { rust } from "@codemirror/legacy-modes/mode/rust";
import { sas } from "@codemirror/legacy-modes/mode/sas";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { standardSQL } from "@codemirror/legacy-modes/mode/sql";
import { stex } from "@codemirror/legacy-modes/mode/stex";
import { swift } from "@codemirror/legacy-modes/mode/swift";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { vb } from "@codemirror/legacy-modes/mode/vb";
import { html, xml } from "@codemirror/legacy-modes/mode/xml";
import { yaml } from "@codemirror/legacy-modes/mode/yaml";
import type { StreamParser } from "@codemirror/streamparser";
import { php } from "./php.js";

/** Each language with the names that it goes by after ```. */
const LANGUAGES: readonly (readonly [names: string, parser: StreamParser<unknown>])[] = [
  ["bash sh shell zsh console shell-session shellscript", shell],
  ["c h", c],
  ["clojure clj", clojure],
  ["cmake", cmake],
  ["cpp c++ cc cxx hpp", cpp],
  ["csharp c# cs", csharp],
  ["css", css],
  ["dart", dart],
  ["diff patch", diff],
  ["dockerfile docker", dockerFile],
  ["erlang erl", erlang],
  ["fortran f90", fortran],
  ["fsharp f# fs", fSharp],
  ["go golang", go],
  ["groovy gradle", groovy],
  ["haskell hs", haskell],
  ["html htm vue svelte", html],
  ["http", http],
  ["java", java],
  ["javascript js jsx mjs cjs node", javascript],
  ["json json5 jsonc jsonl ndjson geojson", json],
  ["julia jl", julia],
  ["kotlin kt kts", kotlin],
  ["latex tex", stex],
  ["less", less],
  ["lua", lua],
  ["matlab octave m", octave],
  ["nginx", nginx],
  ["objectivec objective-c objc", objectiveC],
  ["ocaml ml", oCaml],
  ["perl pl", perl],
  ["php", php],
  ["powershell ps1 pwsh ps", powerShell],
  ["properties ini conf cfg env dotenv", properties],
  ["protobuf proto", protobuf],
  ["python py python3 py3 ipython pycon", python],
  ["r rscript", r],
  ["ruby rb", ruby],
  ["rust rs", rust],
  ["sas", sas],
  ["scala", scala],
  ["scss", sCSS],
  ["sql mysql postgresql postgres psql sqlite tsql plsql mssql bigquery snowflake duckdb", standardSQL],
  ["swift", swift],
  ["toml", toml],
  ["typescript ts tsx mts", typescript],
  ["vb vbnet visual-basic", vb],
  ["xml svg xsl rss plist", xml],
  ["yaml yml", yaml],
];

export const parsers: ReadonlyMap<string, StreamParser<unknown>> = new Map(
  LANGUAGES.flatMap(([names, parser]) => names.split(" ").map((name) => [name, parser] as const)),
);
