/**
 * Builds the browser bundle into the Python package, or the tests into build/test.
 *
 *   node build.mjs            vizro_ws_chat/static/chat.js and chat.css, with the licences of what they bundle
 *   node build.mjs --tests    build/test/*.test.js, to be run by `node --test`
 */
import { build } from "esbuild";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));

async function buildBundle() {
  const outdir = path.join(here, "..", "vizro_ws_chat", "static");
  await build({
    entryPoints: ["main.ts", "chat.css"].map((name) => ({ in: path.join(here, "src", name), out: "chat" })),
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "linked",
    outdir,
    logLevel: "warning",
  });
}

async function buildTests() {
  const testdir = path.join(here, "test");
  const names = (await readdir(testdir, { recursive: true })).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: names.map((name) => path.join(testdir, name)),
    outbase: testdir,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    outdir: path.join(here, "build", "test"),
    logLevel: "warning",
  });
}

await (process.argv.includes("--tests") ? buildTests() : buildBundle());
