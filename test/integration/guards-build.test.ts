import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PlantedProject } from "../support/planted-project.ts";
import { describeWith } from "../support/requirements.ts";

describeWith("git", "scripts/build.ts", () => {
  let project: PlantedProject;
  beforeAll(() => {
    project = new PlantedProject();
  });
  afterAll(() => project.remove());

  it("emits what runs, child processes and Python included, and no test", () => {
    expect(project.node(["scripts/build.ts"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(project.node(["dist/main.js"]).stdout).toContain("usage: planted");
    const runs = ["dist/syntax/child.js", "dist/sandbox/python/runner.js", "dist/index.d.ts"];
    for (const path of [...runs, "dist/sandbox/python/subject.py"]) {
      expect(readFileSync(join(project.folder, path), "utf8")).not.toBe("");
    }
    expect(() => readFileSync(join(project.folder, "dist/shared/greeting.test.js"))).toThrow(
      "ENOENT",
    );
  });

  it("refuses production code that imports test support", () => {
    const text = 'import "../../test/support/requirements.ts";\n\nexport const greeting = "";\n';
    project.write({ "src/shared/greeting.ts": text });
    const { exitCode, stdout } = project.node(["scripts/build.ts"]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("rootDir");
  });
});

/** What makes the planted project one that could be published. */
const PACKAGE_FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    name: "autodidact",
    version: "0.0.1",
    license: "MIT",
    type: "module",
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    bin: { autodidact: "./bin/autodidact.mjs" },
    files: ["dist", "bin", "prompts", "recordings", "CHANGELOG.md"],
  }),
  LICENSE: "MIT\n",
  "CHANGELOG.md": "# Changelog\n",
  "bin/autodidact.mjs": '#!/usr/bin/env node\nawait import("../dist/main.js");\n',
  "src/index.ts": "export class AutonomousAgent {}\n",
  "prompts/plan.md": "Plan.\n",
  "recordings/json.jsonl": "{}\n",
};

describeWith("git", "npm run check -- package", () => {
  let project: PlantedProject;
  beforeAll(() => {
    project = new PlantedProject();
  });
  afterAll(() => project.remove());

  function checkWith(files: Readonly<Record<string, string>>): string {
    project.write({ ...PACKAGE_FILES, ...files });
    return project.check("package").stdout;
  }

  it("is green for a package that holds what it should and starts", () => {
    expect(checkWith({})).toContain("package PASS");
  });

  it("is red when the package would hold a test, and when a recording is missing", () => {
    const files = ["dist", "bin", "prompts", "src/shared", "CHANGELOG.md"];
    const manifest = { ...JSON.parse(PACKAGE_FILES["package.json"] ?? ""), files } as object;
    const stdout = checkWith({ "package.json": JSON.stringify(manifest) });
    expect(stdout).toContain("package: holds src/shared/greeting.test.ts");
    expect(stdout).toContain("package: holds nothing like ^recordings");
  });

  it("is red when the package exports what is not there, or its command does not start", () => {
    const exports = { ".": { types: "./dist/absent.d.ts", default: "./dist/index.js" } };
    const manifest = { ...JSON.parse(PACKAGE_FILES["package.json"] ?? ""), exports } as object;
    const stdout = checkWith({
      "package.json": JSON.stringify(manifest),
      "bin/autodidact.mjs": '#!/usr/bin/env node\nawait import("../src/main.ts");\n',
      "src/index.ts": "export class Renamed {}\n",
    });
    expect(stdout).toContain("publint ended with 1");
    expect(stdout).toContain("its command with --help ended with 1");
    expect(stdout).toContain("importing it ended with 1");
  });
});
