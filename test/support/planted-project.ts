import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the guards read; copied, so that a planted fault disturbs nothing here. */
const GUARD_FILES = [
  ".oxlintrc.json",
  "biome.json",
  "knip.json",
  "package-lock.json",
  "scripts/build.ts",
  "scripts/check-node-binary.ts",
  "scripts/check-outcome.ts",
  "scripts/check-package.ts",
  "scripts/check-platform-packages.ts",
  "scripts/check-rooms.ts",
  "scripts/check-words.ts",
  "scripts/check.ts",
  "scripts/room-rules.ts",
  "scripts/rooms.ts",
  "scripts/run-tool.ts",
  "scripts/tracked-files.ts",
  "src/sandbox/runner-bundle.ts",
  "tsconfig.build.json",
  "tsconfig.json",
  "vitest.config.ts",
  "test/support/own-configuration-path.ts",
  "test/support/own-configuration.ts",
  "test/support/quick-settings.ts",
  "test/support/skips-reporter.ts",
  "test/support/slowest-first.ts",
  "test/support/under-ci.ts",
  "test/support/requirements.ts",
];

const NODE_VERSION = process.version.slice(1);

/** A whole project in which every guard is green. */
const SOUND_FILES: Readonly<Record<string, string>> = {
  "package.json": `${JSON.stringify(
    {
      name: "planted",
      type: "module",
      private: true,
      scripts: {
        start: "node src/main.ts",
        build: "node scripts/build.ts",
        check: "node scripts/check.ts",
      },
      devDependencies: { deno: "2.9.5", node: NODE_VERSION, vitest: "5.1.1" },
    },
    null,
    2,
  )}\n`,
  "README.md": "# Planted\n\nSee [below](#below) and [the entry](src/main.ts).\n\n## Below\n",
  "src/shared/greeting.ts": 'export const greeting = "usage: planted";\n',
  "src/cli/program.ts":
    'import { greeting } from "../shared/greeting.ts";\n\nexport function run(): void {\n  console.log(greeting);\n}\n',
  "src/main.ts": 'import { run } from "./cli/program.ts";\n\nrun();\n',
  "src/index.ts": 'export { run } from "./wiring.ts";\n',
  "src/wiring.ts":
    'import { run as runProgram } from "./cli/program.ts";\n\nexport const run = runProgram;\n',
  "src/syntax/child.ts": "process.exitCode = 0;\n",
  "src/sandbox/python/runner.ts": "process.exitCode = 0;\n",
  "src/sandbox/python/subject.py": "pass\n",
  "src/shared/greeting.test.ts":
    'import { expect, it } from "vitest";\nimport { testSize } from "../../test/support/requirements.ts";\nimport { greeting } from "./greeting.ts";\n\nit("greets", () => {\n  expect(greeting.length).toBeGreaterThan(testSize(1, 2));\n});\n',
  "bench/nothing.ts": "console.log(0);\n",
  "test/sound.test.ts": `import { expect, it } from "vitest";
import { describeWith, missing, recordedDataPath } from "./support/requirements.ts";

describeWith("recorded data", "sound", () => {
  it("finds what it needs", () => {
    expect(missing("recorded data")).toBeUndefined();
    expect(recordedDataPath("x")).toContain("x");
  });
});
`,
  ".gitignore": "node_modules\ndist\n",
};

export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small project in a temporary folder, under the guards of this one; needs git. */
export class PlantedProject {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "autodidact-planted-"));
    for (const path of GUARD_FILES) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(root, path), join(this.folder, path));
    }
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "junction");
    execFileSync("git", ["init", "--quiet"], { cwd: this.folder });
    this.write(SOUND_FILES);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** Runs Node in the folder; `environment` is added to a bare one that knows nothing of vitest. */
  node(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ToolResult {
    const { PATH = "", HOME = "", TEMP = tmpdir() } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      env: { PATH, HOME, TEMP, NO_COLOR: "1", ...environment },
    });
    return { exitCode: status ?? 1, stdout, stderr };
  }

  check(...names: readonly string[]): ToolResult {
    return this.node(["scripts/check.ts", ...names]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
