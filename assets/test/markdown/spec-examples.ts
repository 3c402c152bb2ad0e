import { createRequire } from "node:module";

export interface Example {
  readonly section: string;
  readonly number: number;
  readonly markdown: string;
  readonly html: string;
}

/** The examples of the CommonMark specification, from the package in which it is published. */
export const commonMark: readonly Example[] = (
  createRequire(import.meta.url)("commonmark-spec") as { tests: readonly Example[] }
).tests.map((example) => ({
  ...example,
  markdown: example.markdown.replaceAll("→", "\t"),
  html: example.html.replaceAll("→", "\t"),
}));
