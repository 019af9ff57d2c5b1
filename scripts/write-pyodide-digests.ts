/**
 * Writes down what the installed Pyodide consists of, after its version in package.json was changed
 * and npm has checked the package against package-lock.json; the sandbox starts no other bytes.
 */
import { writeFileSync } from "node:fs";
import { findPyodide, pyodideDigests } from "../src/sandbox/python/pyodide-package.ts";

const pyodide = findPyodide();
const digests = Object.entries(await pyodideDigests(pyodide.folder));
const lines = digests.map(([name, digest]) => `    "${name}": "${digest}",`);
writeFileSync(
  new URL("../src/sandbox/python/pyodide-digests.ts", import.meta.url),
  `/** Written by scripts/write-pyodide-digests.ts: SHA-256 of each file that Python starts from. */
export const pinnedPyodide = {
  version: "${pyodide.version}",
  digests: {
${lines.join("\n")}
  },
} as const;
`,
);
console.log(`pyodide-digests.ts: ${digests.length} files of pyodide ${pyodide.version}`);
