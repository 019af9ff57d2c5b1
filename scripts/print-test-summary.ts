/**
 * Prints the last line of continuous integration from vitest's JSON summary, for people and for
 * programs that count; ends with 1 when a test failed, was skipped, or when none ran.
 */
import { readFileSync } from "node:fs";

interface Summary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

function readSummary(path: string | undefined): Summary | undefined {
  const text = path === undefined ? "" : readFileSync(path, "utf8");
  return text === "" ? undefined : (JSON.parse(text) as Summary);
}

const summary = readSummary(process.argv[2]);
const passed = summary?.numPassedTests ?? 0;
const failed = summary?.numFailedTests ?? 0;
const skipped = (summary?.numPendingTests ?? 0) + (summary?.numTodoTests ?? 0);
// A file that dies before its first test counts no test as failed.
const brokenFiles = summary?.numFailedTestSuites ?? 0;
if (brokenFiles > 0 && failed === 0) {
  console.log(`files that failed without a failing test: ${brokenFiles}`);
}
console.log(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = passed > 0 && failed + skipped + brokenFiles === 0 ? 0 : 1;
