/**
 * Every check but the tests, one line each. `npm run check -- NAME…` runs those named.
 * Each has been seen red on a planted fault: test/integration/guards.test.ts.
 */
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { runNode, runTool, type ToolOutcome } from "./run-tool.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Check {
  readonly name: string;
  run(): ToolOutcome;
}

function tool(name: string, packageName: string, command: string, args: readonly string[]): Check {
  return { name, run: () => runTool(root, packageName, command, args) };
}

function script(name: string, args: readonly string[]): Check {
  return { name, run: () => runNode(root, args) };
}

const TYPE_AWARE_FOLDERS = ["src", "test", "bench", "scripts", "vitest.config.ts"];

const CHECKS: readonly Check[] = [
  tool("types", "typescript", "tsc", ["--noEmit"]),
  tool("format-and-lint", "@biomejs/biome", "biome", [
    "check",
    "--error-on-warnings",
    "--colors=off",
  ]),
  tool("promises-and-switches", "oxlint", "oxlint", ["--type-aware", ...TYPE_AWARE_FOLDERS]),
  script("rooms", ["scripts/check-rooms.ts"]),
  tool("dead-code", "knip", "knip", ["--no-progress", "--treat-config-hints-as-errors"]),
  script("platform-packages", ["scripts/check-platform-packages.ts"]),
  script("node-binary", ["scripts/check-node-binary.ts"]),
  script("words-and-links", ["scripts/check-words.ts"]),
  script("smoke", ["src/main.ts", "--help"]),
  script("package", ["scripts/check-package.ts"]),
];

function chosenChecks(): readonly Check[] {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = CHECKS.map(({ name }) => `"${name}"`).join(", ");
    console.error(`Choosing checks: got "${unknown.join('", "')}", wanted some of ${known}`);
    process.exit(2);
  }
  return names.length === 0 ? CHECKS : CHECKS.filter(({ name }) => names.includes(name));
}

const checks = chosenChecks();
let failed = 0;
for (const [index, check] of checks.entries()) {
  const startMs = performance.now();
  const { exitCode, output } = check.run();
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  const label = `[${index + 1}/${checks.length}] ${check.name}`;
  console.log(`${label} ${exitCode === 0 ? "PASS" : "FAIL"} ${seconds}s`);
  if (exitCode !== 0) {
    failed += 1;
    console.log(output.trimEnd());
  }
}
if (failed > 0) {
  console.log(`${failed} of ${checks.length} checks failed`);
  process.exitCode = 1;
}
