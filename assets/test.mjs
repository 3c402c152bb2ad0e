/**
 * Builds the tests and runs them with node's test runner.
 *
 * The files are named one by one, because node 20, 22 and 24 differ in how they read a folder or a pattern.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(here, "build", "test");

/** Runs node from assets/ and leaves with its status when it fails. */
function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: here, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(built, { recursive: true, force: true });
node("build.mjs", "--tests");
const files = readdirSync(built, { recursive: true })
  .filter((name) => name.endsWith(".test.js"))
  .map((name) => path.join(built, name))
  .sort();
if (files.length === 0) throw new Error("no tests were built");
node("--test", ...files);
