import type { Reporter, TestModule, Vitest } from "vitest/node";

/**
 * Names every test that was skipped or left as a `todo`, which vitest only counts. With `fail`, for
 * continuous integration, such a test fails the run: everything a test needs is installed there, and
 * a skip would hide that it is not.
 */
export class SkipsReporter implements Reporter {
  readonly #fail: boolean;
  #isFiltered = false;

  constructor(options: { readonly fail: boolean }) {
    this.#fail = options.fail;
  }

  onInit(vitest: Vitest): void {
    // `-t PATTERN` marks everything else as skipped, which nobody wants listed.
    this.#isFiltered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map(
        (test) => `  ${module.relativeModuleId} > ${test.fullName}\n`,
      ),
    );
    if (names.length === 0 || this.#isFiltered) {
      return;
    }
    const title = this.#fail ? "Skipped under CI, where nothing may be" : "Skipped";
    process.stderr.write(`\n${title}: ${names.length}\n${names.join("")}`);
    if (this.#fail) {
      process.exitCode = 1;
    }
  }
}
