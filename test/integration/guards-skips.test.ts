import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PlantedProject, type ToolResult } from "../support/planted-project.ts";
import { describeWith } from "../support/requirements.ts";

const SKIPPED = 'import { it } from "vitest";\n\nit.skip("left out", () => {});\n';
const FOCUSED = 'import { it } from "vitest";\n\nit.only("alone", () => {});\n';

describeWith("git", "skipped tests", () => {
  let project: PlantedProject;
  beforeAll(() => {
    project = new PlantedProject();
  });
  afterAll(() => project.remove());

  function vitest(file: string, environment: Readonly<Record<string, string>>): ToolResult {
    return project.node(["node_modules/vitest/vitest.mjs", "run", file], environment);
  }

  it("describeWith() skips by name when the requirement is missing", () => {
    const { exitCode, stdout, stderr } = vitest("test/sound.test.ts", {});
    expect(stderr).toContain("sound (needs recorded data) > finds what it needs");
    expect(stdout).toContain("1 skipped");
    expect(exitCode).toBe(0);
  });

  it("describeWith() fails when the requirement is missing under CI", () => {
    const { exitCode, stderr } = vitest("test/sound.test.ts", { CI: "true" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("AUTODIDACT_BENCH_DATA is not set, wanted under CI");
  });

  it("describeWith() runs the tests when the requirement is met under CI", () => {
    const environment = { CI: "true", AUTODIDACT_BENCH_DATA: project.folder };
    const { exitCode, stdout } = vitest("test/sound.test.ts", environment);
    expect(stdout).toContain("1 passed");
    expect(exitCode).toBe(0);
  });

  it("a skipped test fails the run under CI and is counted in the summary", () => {
    project.write({ "test/left-out.test.ts": SKIPPED });
    const summary = join(project.folder, "summary.json");
    const environment = { CI: "true", AUTODIDACT_TEST_SUMMARY: summary };
    const { exitCode, stderr } = vitest("test/left-out.test.ts", environment);
    expect(stderr).toContain("test/left-out.test.ts > left out");
    expect(exitCode).toBe(1);
    expect(JSON.parse(readFileSync(summary, "utf8"))).toMatchObject({ numPendingTests: 1 });
    expect(vitest("test/left-out.test.ts", {}).exitCode).toBe(0);
  });

  it("it.only() fails the run under CI", () => {
    project.write({ "test/focused.test.ts": FOCUSED });
    expect(vitest("test/focused.test.ts", { CI: "true" }).exitCode).toBe(1);
  });
});
