import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take minutes under CI, the longest first, then those that are longest in the quick form;
 * vitest, which goes by size, starts some last.
 */
const slowest = [
  "hostile-python-deno.test.ts",
  "hostile-python-deno-seccomp.test.ts",
  "hostile-python-bubblewrap.test.ts",
  "forgery.test.ts",
  "hostile-typescript.test.ts",
  "innocent.test.ts",
  "recordings.test.ts",
  "chaos.test.ts",
  "certificate-add.test.ts",
  "sandbox-limits.test.ts",
  "bad-input.test.ts",
  "proof.test.ts",
  "run-faults.test.ts",
  "run-killed.test.ts",
  "sandbox-lifetime.test.ts",
  "skill-proofs.test.ts",
  "sandbox-bubblewrap.test.ts",
  "api.test.ts",
  "sandbox-commands.test.ts",
  "model-embedded.test.ts",
  "docs-examples.test.ts",
  "certificate-verify.test.ts",
];

/** Starts the slowest files first, so that no core waits for the last of them. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const index = slowest.indexOf(basename(moduleId));
      return index === -1 ? slowest.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
