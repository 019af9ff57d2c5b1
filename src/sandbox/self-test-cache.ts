import { createHash } from "node:crypto";
import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../shared/atomic-file.ts";
import { isOwn, isOwnFolder, makeOwnFolder } from "./own-files.ts";
import type { SelfTestReport } from "./self-test.ts";

const hourMs = 3_600_000;
/** A failure counts shorter: whoever mended something wants to see it, and a busy machine calms down. */
const validMs = { passed: 24 * hourMs, failed: hourMs };

const recordSchema = z.object({
  key: z.string(),
  testedAtMs: z.number(),
  report: z.object({
    backend: z.string(),
    runtime: z.string(),
    passed: z.boolean(),
    findings: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(["file", "environment", "network", "process", "result", "control"]),
        held: z.boolean(),
        detail: z.string(),
      }),
    ),
  }),
});

/** A report, and how long it still counts. */
export interface KeptSelfTest {
  readonly report: SelfTestReport;
  readonly testedAtMs: number;
  readonly validForMs: number;
}

/** Remembers what a self-test found, for exactly what it tested: a pass for a day, a failure for an hour. */
export interface SelfTestCache {
  /** Undefined when nothing is kept that still counts. */
  read(): Promise<KeptSelfTest | undefined>;
  store(report: SelfTestReport): Promise<KeptSelfTest>;
}

/** `facts` names everything underneath: a change of any of it asks for a new test. */
export function createSelfTestCache(
  directory: string,
  backend: string,
  facts: () => Promise<readonly string[]>,
  now: () => number = Date.now,
): SelfTestCache {
  const path = join(directory, `self-test-${backend}.json`);
  const currentKey = async (): Promise<string> =>
    createHash("sha256")
      .update(JSON.stringify(await facts()))
      .digest("hex");
  return {
    read: async () => {
      try {
        if (!(await isOwnFolder(directory)) || !isOwn(await stat(path))) {
          // Somebody else may have written that it passed.
          return undefined;
        }
        const { key, testedAtMs, report } = recordSchema.parse(
          JSON.parse(await readFile(path, "utf8")),
        );
        const kept = keep(report, testedAtMs, now());
        const isSame = key === (await currentKey());
        return isSame && isConsistent(report) && kept.validForMs > 0 ? kept : undefined;
      } catch {
        // Missing or damaged: it is tested again.
        return undefined;
      }
    },
    store: async (report) => {
      const testedAtMs = now();
      try {
        await makeOwnFolder(directory);
        const record = { key: await currentKey(), testedAtMs, report };
        await writeFileAtomically(path, JSON.stringify(record));
        await chmod(path, 0o600);
      } catch {
        // Not writable: the next process tests again, which is slower and just as safe.
      }
      return keep(report, testedAtMs, testedAtMs);
    },
  };
}

function keep(report: SelfTestReport, testedAtMs: number, nowMs: number): KeptSelfTest {
  const ageMs = nowMs - testedAtMs;
  const wholeMs = report.passed ? validMs.passed : validMs.failed;
  // Tested in the future: the clock was set back, and nobody knows how long ago it was.
  return { report, testedAtMs, validForMs: ageMs < 0 ? 0 : wholeMs - ageMs };
}

/** What a report says of itself must be what its findings say. */
function isConsistent({ passed, findings }: SelfTestReport): boolean {
  return passed === (findings.length > 0 && findings.every(({ held }) => held));
}
