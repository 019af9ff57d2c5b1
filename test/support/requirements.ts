import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { underCi } from "./under-ci.ts";

/** Something a fresh machine may lack: a system program, Linux's seccomp, the recorded data. */
export type Requirement = "bubblewrap" | "git" | "python3" | "recorded data" | "seccomp";

const PROGRAMS: Readonly<Record<Exclude<Requirement, "recorded data" | "seccomp">, string>> = {
  bubblewrap: "bwrap",
  git: "git",
  python3: "python3",
};

function answersVersion(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Path of a file of the recorded data, whether or not it exists. */
export function recordedDataPath(file: string): string {
  return join(process.env["AUTODIDACT_BENCH_DATA"] ?? "", file);
}

/** What is missing of the requirement, in words, or undefined when it is met. */
export function missing(requirement: Requirement): string | undefined {
  if (requirement === "seccomp") {
    const hasFilter = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
    return hasFilter ? undefined : "this is not Linux on x64 or arm64";
  }
  if (requirement !== "recorded data") {
    const program = PROGRAMS[requirement];
    return answersVersion(program) ? undefined : `${program} is not installed`;
  }
  const folder = process.env["AUTODIDACT_BENCH_DATA"];
  if (!folder) {
    return "AUTODIDACT_BENCH_DATA is not set";
  }
  return existsSync(folder) ? undefined : `AUTODIDACT_BENCH_DATA names ${folder}, which is absent`;
}

/**
 * Like vitest's `describe`. Without the requirement the tests inside are skipped by name,
 * `title (needs python3)`; under `CI` its absence is a failing test instead, never a skip.
 */
export function describeWith(requirement: Requirement, title: string, tests: () => void): void {
  const problem = missing(requirement);
  const fullTitle = `${title} (needs ${requirement})`;
  if (problem === undefined) {
    describe(fullTitle, tests);
    return;
  }
  if (!underCi()) {
    describe.skip(fullTitle, tests);
    return;
  }
  describe(fullTitle, () => {
    it("has what it needs", () => {
      throw new Error(`Running "${title}": ${problem}, wanted under CI; install or set it`);
    });
  });
}

/**
 * The size of a test that has a quick and a full form: a size, not a skip, so that the quick form
 * still proves something. `npm run test:full` takes the full one; continuous integration has a size
 * of its own where one is given, else the quick one.
 */
export function testSize(quick: number, full: number, ci: number = quick): number {
  if (process.env["AUTODIDACT_TEST_FULL"]) {
    return full;
  }
  return underCi() ? ci : quick;
}
