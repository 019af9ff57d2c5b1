import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { systemErrorCode } from "../shared/errors.ts";
import type { DoctorCheck } from "./application.ts";

const packages = ["@langchain/langgraph", "deno", "pyodide", "oxc-parser", "py-ast"] as const;

/** The versions of the packages that a run stands on. */
export async function dependencyVersions(): Promise<DoctorCheck[]> {
  return Promise.all(packages.map((name) => dependencyVersion(name)));
}

async function dependencyVersion(name: string): Promise<DoctorCheck> {
  const version = await installedVersion(name);
  return version === undefined
    ? { name, state: "problem", found: "not installed", remedy: "Run npm ci again." }
    : { name, state: "ok", found: version };
}

async function installedVersion(name: string): Promise<string | undefined> {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const text = await readFile(join(folder, name, "package.json"), "utf8");
      const { version } = JSON.parse(text) as { version?: string };
      return version;
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") {
        throw error;
      }
    }
  }
  return undefined;
}
