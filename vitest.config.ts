import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { ownConfiguration } from "./test/support/own-configuration-path.ts";
import { SkipsReporter } from "./test/support/skips-reporter.ts";
import { SlowestFirst } from "./test/support/slowest-first.ts";
import { underCi } from "./test/support/under-ci.ts";

const summaryFile = process.env["AUTODIDACT_TEST_SUMMARY"];

function jsonSummary(outputFile: string): ["json", { outputFile: string }] {
  return ["json", { outputFile }];
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts"],
          // A process for each of the many short files would cost more than their tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: "system", include: ["test/**/*.test.ts"] } },
    ],
    globalSetup: "test/support/own-configuration.ts",
    env: { XDG_CONFIG_HOME: ownConfiguration, APPDATA: ownConfiguration },
    // vitest's default leaves one core idle; most tests wait for processes of their own.
    maxWorkers: availableParallelism() * 2,
    sequence: { sequencer: SlowestFirst },
    // Sandboxed processes compete for the cores; a slow machine must not turn a test red.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    allowOnly: !underCi(),
    reporters: [
      "default",
      new SkipsReporter({ fail: underCi() }),
      // For .ci/run, which reads the counts from it; `--reporter` would replace the ones above.
      ...(summaryFile ? [jsonSummary(summaryFile)] : []),
    ],
  },
});
