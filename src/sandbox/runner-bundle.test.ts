import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleModules, runnerModules } from "./runner-bundle.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function modulesOf(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text);
  }
  return await runnerModules(join(directory, "main.ts"));
}

/** What the bundle leaves behind under `globalThis.bundled`. */
async function run(bundle: string): Promise<unknown> {
  const path = join(directory, "bundle.mjs");
  await writeFile(path, bundle);
  const holder = globalThis as { bundled?: unknown };
  await import(/* @vite-ignore */ pathToFileURL(path).href);
  const { bundled } = holder;
  delete holder.bundled;
  return bundled;
}

const files = {
  "main.ts": `import { basename as nameOf } from "node:path";
import { type Count, count } from "./count.ts";
import { names } from "./names.ts";

const process = "hides no global from the others";
const both: Count = await Promise.resolve(count(names));
Object.assign(globalThis, { bundled: [both, nameOf("/a/b"), process] });
`,
  "count.ts": `import type { Nothing } from "./absent.ts";
import { Names, names as others } from "./names.ts";
export type Count = number;
const local = typeof process.version;
export function count(given: Names): Count {
  return given.list.length + others.list.length + local.length;
}
`,
  "names.ts": `const local = ["a", "b"];
export class Names {
  readonly list: readonly string[] = local;
}
export const names = new Names();
`,
};

describe("runnerModules", () => {
  it("runnerModules() lists each module once after those it imports when two import the same", async () => {
    const modules = await modulesOf(files);
    expect(modules.map(({ path }) => basename(path))).toEqual(["names.ts", "count.ts", "main.ts"]);
  });
});

describe("bundleModules", () => {
  it("bundleModules() does what the modules do when names are the same in several", async () => {
    const bundle = bundleModules(await modulesOf(files));
    expect(await run(bundle)).toEqual([10, "b", "hides no global from the others"]);
  });

  it.each([
    "export default 1;\n",
    'import * as all from "./names.ts";\n',
    "const a = 1;\nexport { a };\n",
    'export * from "./names.ts";\n',
    "export let a = 1;\n",
    "export const a = import.meta.url;\n",
  ])("bundleModules() throws when a module says %j", async (text) => {
    const modules = await modulesOf({ ...files, "names.ts": text });
    expect(() => bundleModules(modules)).toThrow(/names\.ts: it says .* is wanted; rewrite it\./);
  });
});
