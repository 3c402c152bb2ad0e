/**
 * Builds the browser bundles into the Python package, or the tests into build/test.
 *
 *   node build.mjs            vizro_ws_chat/static: chat.js and chat.css, what they load when it is first needed,
 *                             plain.css for pages without Vizro, and licences and a bill of all that is bundled
 *   node build.mjs --tests    build/test/*.test.js, to be run by `node --test`
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));
const outdir = path.join(here, "..", "vizro_ws_chat", "static");

const common = {
  bundle: true,
  target: "es2022",
  minify: true,
  legalComments: "linked",
  metafile: true,
  outdir,
  logLevel: "warning",
};

function entries(folder, ...names) {
  return names.map((name) => ({ in: path.join(here, "src", folder, "bundle", name), out: folder }));
}

/**
 * The name under which Dash serves a file for a year: its own, with a fingerprint of the content. Dash takes the
 * fingerprint away again, so the file itself keeps a plain name.
 */
function fingerprinted(file, content) {
  const { dir, name, ext } = path.posix.parse(file);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return path.posix.join(dir, `${name}.v0m${hash}${ext}`);
}

/** KaTeX' fonts: in the one format that every browser knows, in files that are loaded as they are used. */
const fonts = {
  name: "fonts",
  setup(build) {
    build.onLoad({ filter: /katex\.css$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, ""),
      loader: "css",
      resolveDir: path.dirname(file),
    }));
    build.onResolve({ filter: /\.woff2$/ }, async ({ path: file, resolveDir }) => {
      const content = await readFile(path.join(resolveDir, file));
      const name = `fonts/${path.basename(file)}`;
      await mkdir(path.join(outdir, "fonts"), { recursive: true });
      await writeFile(path.join(outdir, name), content);
      return { path: `./${fingerprinted(name, content)}`, external: true };
    });
  },
};

async function buildBundles() {
  await rm(outdir, { recursive: true, force: true });
  // A frame without an origin may load a script, but no module.
  const builds = await Promise.all([
    build({ ...common, entryPoints: entries("code", "main.ts"), format: "esm" }),
    build({ ...common, entryPoints: entries("math", "main.ts", "math.css"), format: "esm", plugins: [fonts] }),
    build({ ...common, entryPoints: entries("diagrams", "main.ts"), format: "iife" }),
    build({ ...common, entryPoints: entries("inspector", "main.ts", "inspector.css"), format: "esm" }),
  ]);
  const names = ["code.js", "math.js", "math.css", "diagrams.js", "inspector.js", "inspector.css"];
  const contents = await Promise.all(names.map((name) => readFile(path.join(outdir, name))));
  const files = Object.fromEntries(names.map((name, index) => [name, fingerprinted(name, contents[index])]));
  builds.push(
    await build({
      ...common,
      entryPoints: [
        { in: path.join(here, "src", "main.ts"), out: "chat" },
        { in: path.join(here, "src", "chat.css"), out: "chat" },
        { in: path.join(here, "src", "plain.css"), out: "plain" },
      ],
      format: "iife",
      define: { LAZY_FILES: JSON.stringify(files) },
    }),
  );
  const folders = packagesOf(builds.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  const texts = await Promise.all(folders.map(licenceOf));
  await writeFile(path.join(outdir, "LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
  await writeFile(path.join(outdir, "sbom.cdx.json"), await billOf(folders));
}

/** The folder, below here, of every package that a bundle has something of. */
function packagesOf(inputs) {
  return [...new Set(inputs.flatMap((input) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []))].sort();
}

async function manifestOf(folder) {
  return JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
}

/**
 * A software bill of materials (CycloneDX 1.6). It has neither a time nor a serial number, so that the same sources
 * build the same bill.
 */
async function billOf(folders) {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));
  const components = folders.map(async (folder) => {
    const { name, version, license } = await manifestOf(folder);
    const [algorithm, digest] = packages[folder].integrity.split("-");
    return {
      type: "library",
      "bom-ref": `${name}@${version}`,
      name,
      version,
      hashes: [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }],
      ...(license === undefined ? {} : { licenses: [{ expression: license }] }), // else LICENSES.txt has its text
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    };
  });
  const bill = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: await Promise.all(components) };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

async function licenceOf(folder) {
  const { name, version, license } = await manifestOf(folder);
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return [`${name} ${version}${license === undefined ? "" : ` (${license})`}\n`, ...texts.map((text) => `\n${text.trim()}\n`)].join("");
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

await (process.argv.includes("--tests") ? buildTests() : buildBundles());
