import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take minutes under CI, the longest first; vitest, which goes by size, starts some last. */
const slowest = [
  "hostile-python-deno.test.ts",
  "hostile-python-deno-seccomp.test.ts",
  "hostile-python-bubblewrap.test.ts",
  "forgery.test.ts",
  "hostile-typescript.test.ts",
  "innocent.test.ts",
  "recordings.test.ts",
  "chaos.test.ts",
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
