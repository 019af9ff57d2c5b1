import type { HostileWorld } from "./hostile-program.ts";

export interface HostileModule {
  readonly name: string;
  readonly source: (world: HostileWorld) => string;
}

const text = "  console.log('attacking');\n  return";

/**
 * Sources that only a module can hold: static imports and exports that name files, packages and
 * addresses. The preparation refuses them or leaves a script that reaches none of it.
 */
export const typescriptModules: readonly HostileModule[] = [
  {
    name: "static-text",
    source: (world) =>
      `import secret from ${quoted(world.canaryPath)} with { type: "text" };\nexport function f() {\n${text} secret;\n}`,
  },
  {
    name: "static-bytes",
    source: (world) =>
      `import secret from ${quoted(world.canaryPath)} with { type: "bytes" };\nexport function f() {\n${text} new TextDecoder().decode(secret);\n}`,
  },
  {
    name: "static-json",
    source: (world) =>
      `import secret from ${quoted(`file://${world.canaryFolder}/canary.json`)} with { type: "json" };\nexport function f() {\n${text} secret;\n}`,
  },
  {
    name: "static-code",
    source: (world) =>
      `import { text } from ${quoted(`${world.canaryFolder}/canary.js`)};\nexport function f() {\n${text} text;\n}`,
  },
  {
    name: "static-relative",
    source: (world) =>
      `import * as all from ${quoted(`../../../../../..${world.canaryFolder}/canary.js`)};\nexport function f() {\n${text} all.text;\n}`,
  },
  {
    name: "static-re-export",
    source: (world) =>
      `export { text as f } from ${quoted(`${world.canaryFolder}/canary.js`)};\nexport * from ${quoted(`${world.canaryFolder}/canary.js`)};`,
  },
  {
    name: "static-data-url",
    source: (world) =>
      `import secret from ${quoted(`data:text/javascript,export default Deno.readTextFileSync('${world.canaryPath}')`)};\nexport function f() {\n${text} secret;\n}`,
  },
  {
    name: "static-network",
    source: (world) =>
      `import "http://127.0.0.1:${world.tcpPort}/x.js";\nexport function f() {\n${text} 1;\n}`,
  },
  {
    name: "static-node-modules",
    source: (world) =>
      `import { execSync } from "node:child_process";\nimport fs from "node:fs";\nimport { createRequire } from "node:module";\nexport function f() {\n${text} [fs.readFileSync(${quoted(world.canaryPath)}, "utf8"), execSync("id"), createRequire("/")("fs")];\n}`,
  },
  {
    name: "static-worker-and-vm",
    source: () =>
      `import { Worker } from "worker_threads";\nimport vm from "vm";\nimport * as inspector from "node:inspector";\nexport function f() {\n${text} [new Worker("0", { eval: true }), vm.runInNewContext("1"), inspector.url()];\n}`,
  },
  {
    name: "static-package",
    source: () =>
      `import left from "npm:left-pad";\nimport * as zod from "zod";\nexport function f() {\n${text} [left, zod];\n}`,
  },
  {
    name: "import-equals",
    source: (world) =>
      `import secret = require(${quoted(world.canaryPath)});\nexport function f() {\n${text} secret;\n}`,
  },
  {
    name: "import-meta-url",
    source: (world) =>
      `export function f() {\n  console.log("attacking");\n  if (String(import.meta.url).startsWith("file:")) console.log("reached ${world.marker}");\n  return import.meta.dirname;\n}`,
  },
  {
    name: "reference-comment",
    source: (world) =>
      `/// <reference path=${quoted(world.canaryPath)} />\n// @deno-types=${quoted(world.canaryPath)}\n//# sourceMappingURL=file://${world.canaryPath}\nexport function f() {\n${text} new Error("x").stack;\n}`,
  },
  {
    name: "out-of-the-wrapper",
    source: (world) =>
      `export function f() {\n${text} 1;\n}\nreturn { entry: f }; }); Deno.readTextFileSync(${quoted(world.canaryPath)}); (async function () {`,
  },
  {
    name: "await-at-load",
    source: (world) =>
      `console.log("attacking");\nconst secret = await fetch(${quoted(`file://${world.canaryPath}`)}).then((answer) => answer.text());\nexport function f() { return secret; }`,
  },
];

function quoted(value: string): string {
  return JSON.stringify(value);
}
