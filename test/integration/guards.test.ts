import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PlantedProject, type ToolResult } from "../support/planted-project.ts";
import { describeWith } from "../support/requirements.ts";

const CHECKS = [
  "types",
  "format-and-lint",
  "promises-and-switches",
  "rooms",
  "dead-code",
  "platform-packages",
  "node-binary",
  "words-and-links",
  "smoke",
];

/** One file a fault; the name of the file is what must be reported. */
const LINT_FAULTS: Readonly<Record<string, { readonly rule: string; readonly text: string }>> = {
  "src/shared/long-function.ts": {
    rule: "lint/complexity/noExcessiveLinesPerFunction",
    text: `export function long(): number {\n  let n = 0;\n${"  n += 1;\n".repeat(60)}  return n;\n}\n`,
  },
  "src/shared/long-file.ts": {
    rule: "lint/style/noExcessiveLinesPerFile",
    text: Array.from({ length: 401 }, (_, n) => `export const n${n} = ${n};\n`).join(""),
  },
  "test/long-test.test.ts": {
    rule: "lint/style/noExcessiveLinesPerFile",
    text: Array.from({ length: 601 }, (_, n) => `export const n${n} = ${n};\n`).join(""),
  },
  "src/shared/complex.ts": {
    rule: "lint/complexity/noExcessiveCognitiveComplexity",
    text: `export function f(a: number): number {\n${"  if (a) {\n    if (a > 1) {\n      if (a > 2) {\n        return a;\n      }\n    }\n  }\n".repeat(3)}  return 0;\n}\n`,
  },
  "src/shared/default-export.ts": {
    rule: "lint/style/noDefaultExport",
    text: "export default 1;\n",
  },
  "src/shared/enumeration.ts": {
    rule: "lint/style/noEnum",
    text: "export enum Colour {\n  Red = 0,\n}\n",
  },
  "src/shared/anything.ts": {
    rule: "lint/suspicious/noExplicitAny",
    text: "export const x: any = 1;\n",
  },
  "src/shared/non-null.ts": {
    rule: "lint/style/noNonNullAssertion",
    text: "export const f = (a?: string): string => a!;\n",
  },
  "src/shared/printing.ts": {
    rule: "lint/suspicious/noConsole",
    text: 'export const f = (): void => console.log("x");\n',
  },
  "src/shared/cycle-a.ts": {
    rule: "lint/suspicious/noImportCycles",
    text: 'import { b } from "./cycle-b.ts";\n\nexport const a = (): number => b();\n',
  },
  "src/shared/cycle-b.ts": {
    rule: "lint/suspicious/noImportCycles",
    text: 'import { a } from "./cycle-a.ts";\n\nexport const b = (): number => a();\n',
  },
  "src/shared/barrel.ts": {
    rule: "lint/performance/noBarrelFile",
    text: 'export { a } from "./cycle-a.ts";\n',
  },
  "src/shared/re-export-all.ts": {
    rule: "lint/performance/noReExportAll",
    text: 'export * from "./cycle-a.ts";\n',
  },
  "src/shared/CamelCase.ts": {
    rule: "lint/style/useFilenamingConvention",
    text: "export const x = 1;\n",
  },
  "src/shared/bare-builtin.ts": {
    rule: "lint/style/useNodejsImportProtocol",
    text: 'import { sep } from "path";\n\nexport const x = sep;\n',
  },
  "bench/unformatted.ts": { rule: "format", text: "export const x   =  1\n" },
  "scripts/unused-variable.ts": {
    rule: "lint/correctness/noUnusedVariables",
    text: "const x = 1;\n",
  },
};

const OTHER_FAULTS: Readonly<Record<string, string>> = {
  "src/shared/wrong-type.ts": "export const n: number = 'text';\n",
  "src/shared/open-index.ts":
    "export const f = (a: Record<string, string>): string => a.key ?? '';\n",
  "src/shared/floating.ts":
    'import { mkdir } from "node:fs/promises";\n\nexport function f(): void {\n  mkdir("x");\n}\n',
  "src/shared/half-switch.ts":
    'export function f(kind: "a" | "b"): number {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 0;\n}\n',
  "src/shared/thrown-text.ts": 'export function f(): never {\n  throw "text";\n}\n',
  "src/shared/unused-file.ts": "export const x = 1;\n",
  "src/shared/greeting.ts":
    'export const greeting = "usage: planted";\nexport const unusedExport = 1;\n',
  "src/model/template.ts": "export const x = await import(`../memory/store.ts`);\n",
  "src/memory/store.ts": "export const x = 1;\n",
  "docs/home.md": `Data in ${["", "home", "somebody", "data"].join("/")}/ here.\n\n[gone](gone.md), [lost](../README.md#lost)\n`,
  "docs/recorded.jsonl.gz": "x",
  "src/main.ts":
    'import { run } from "./cli/program.ts";\n\nenum Unstrippable {\n  A = 0,\n}\n\nrun();\nprocess.exitCode = Unstrippable.A;\n',
};

interface LockFile {
  readonly packages: Record<string, { integrity?: string }>;
}

/** The real lock without one platform's package and without one digest; a range in package.json. */
function brokenPackages(project: PlantedProject): Readonly<Record<string, string>> {
  const lockPath = join(project.folder, "package-lock.json");
  const lock = JSON.parse(readFileSync(lockPath, "utf8")) as LockFile;
  delete lock.packages["node_modules/@biomejs/cli-darwin-arm64"];
  delete lock.packages["node_modules/vitest"]?.integrity;
  const manifest = { name: "planted", type: "module" };
  const devDependencies = { node: "24.0.0", vitest: "^5.1.1", "left-over": "1.0.0" };
  return {
    "package-lock.json": JSON.stringify(lock),
    "package.json": JSON.stringify({ ...manifest, devDependencies }),
  };
}

function categoriesByFile(stdout: string): Map<string, string[]> {
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  const found = new Map<string, string[]>();
  for (const { category, location } of diagnostics) {
    found.set(location.path, [...(found.get(location.path) ?? []), category]);
  }
  return found;
}

const BIOME = "node_modules/@biomejs/biome/bin/biome";
const BIOME_JSON = ["--reporter=json", "--max-diagnostics=none"];

describeWith("git", "npm run check", () => {
  let project: PlantedProject;
  let sound: ToolResult;
  let faulty: ToolResult;
  let lint: Map<string, string[]>;

  beforeAll(() => {
    project = new PlantedProject();
    project.node([BIOME, "check", "--write", "test", "bench", "src", "package.json"]);
    sound = project.check(...CHECKS);
    const lintFiles = Object.entries(LINT_FAULTS).map(([path, { text }]) => [path, text] as const);
    project.write(Object.fromEntries(lintFiles));
    lint = categoriesByFile(project.node([BIOME, "check", ...BIOME_JSON]).stdout);
    project.write({ ...OTHER_FAULTS, ...brokenPackages(project) });
    faulty = project.check(...CHECKS);
  });
  afterAll(() => project.remove());

  it("is green for a sound project", () => {
    expect(sound.stdout).not.toContain("FAIL");
    expect(sound.exitCode).toBe(0);
    expect(sound.stdout.match(/^\[\d\/9\] \S+ PASS \d+\.\ds$/gm)).toHaveLength(CHECKS.length);
  });

  it("exits 1 and says how many checks failed when faults are planted", () => {
    expect(faulty.exitCode).toBe(1);
    expect(faulty.stdout).toContain("9 of 9 checks failed");
  });

  it("exits 2 and names the checks there are when asked for an unknown one", () => {
    const { exitCode, stderr } = project.check("no-such-check");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"dead-code"');
  });

  function sectionOf(check: string): string {
    const [, section = ""] = faulty.stdout.split(new RegExp(`^\\[\\d/9\\] ${check} FAIL .*$`, "m"));
    return section.split(/^\[\d\/9\] /m)[0] ?? "";
  }

  it.each([
    ["types", "src/shared/wrong-type.ts"],
    ["types", "src/shared/open-index.ts"],
    ["types", "src/shared/enumeration.ts"],
    ["promises-and-switches", "src/shared/floating.ts"],
    ["promises-and-switches", "src/shared/half-switch.ts"],
    ["promises-and-switches", "src/shared/thrown-text.ts"],
    ["rooms", "src/model/template.ts: names src/memory/store.ts"],
    ["dead-code", "unusedExport"],
    ["dead-code", "src/shared/unused-file.ts"],
    ["dead-code", "left-over"],
    ["platform-packages", "@biomejs/cli-darwin-arm64"],
    ["platform-packages", "vitest is ^5.1.1"],
    ["platform-packages", "node_modules/vitest has no integrity"],
    ["node-binary", "wanted v24.0.0"],
    ["words-and-links", "docs/home.md:1: holds the machine's path"],
    ["words-and-links", "links to gone.md"],
    ["words-and-links", "no such heading"],
    ["words-and-links", "docs/recorded.jsonl.gz: is a binary"],
    ["smoke", "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"],
  ])("%s is red and names %s", (check, named) => {
    expect(sectionOf(check)).toContain(named);
  });

  it.each(Object.entries(LINT_FAULTS).map(([path, { rule }]) => [rule, path] as const))(
    "format-and-lint reports %s in %s",
    (rule, path) => {
      expect(lint.get(path)).toContain(rule);
    },
  );
});
