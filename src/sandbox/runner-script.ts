import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../shared/package-root.ts";
import { bundleKey } from "./bundle-key.ts";
import { type CachedFile, cachedFile } from "./cached-file.ts";
import { bundleModules, runnerModules } from "./runner-bundle.ts";
import { type FileMarks, markFiles } from "./unchanged-files.ts";

/** A program of this room that Deno runs. */
export interface RunnerScript {
  readonly path: string;
  /** What Deno must be able to read to load it: files and folders. */
  readonly readPaths: readonly string[];
  /** Of the file at `path`. */
  readonly digest: string;
  /** Of the files that are run, taken before they were read. */
  readonly marks: FileMarks;
}

const isSource = import.meta.url.endsWith(".ts");

/**
 * Returns a runner as one file of JavaScript, which starts faster than its twenty modules. The npm
 * package was built so. From its source it is made at the first use and kept where only who may change
 * the source can write; where it cannot be kept, the modules themselves are run.
 */
export async function runnerScript(name: "typescript" | "python"): Promise<RunnerScript> {
  const own = ownScript(`${name}/runner`);
  const bundle = isSource ? await bundled(name, own) : undefined;
  const path = bundle?.path ?? own;
  const isOneFile = bundle !== undefined || !isSource;
  const readPaths = isOneFile ? [path] : [ownFolder("."), ownFolder("../shared")];
  const marks = bundle?.marks ?? (await markFiles([path]));
  const digest = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return { path, readPaths, digest, marks };
}

/** Path of a script of this room, from its source or as it was built. */
export function ownScript(name: string): string {
  return fileURLToPath(new URL(`./${name}.${isSource ? "ts" : "js"}`, import.meta.url));
}

async function bundled(name: string, entryPath: string): Promise<CachedFile | undefined> {
  const directory = join(packageRoot(), "node_modules", ".cache", "autodidact");
  const place = { directory, prefix: `${name}-runner`, suffix: ".js" };
  const modules = await runnerModules(entryPath);
  return await cachedFile(place, bundleKey(modules), async () =>
    new TextEncoder().encode(bundleModules(modules)),
  );
}

function ownFolder(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url)).replace(/\/$/, "");
}
