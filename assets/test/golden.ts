import { readFileSync } from "node:fs";
import path from "node:path";

/** Reads one of the golden files, tests/wire/{name}.json. npm runs the tests from assets/. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(path.resolve("..", "tests", "wire", `${name}.json`), "utf8")) as T;
}
