import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../shared/atomic-file.ts";

const validMs = 24 * 3_600_000;
const recordSchema = z.object({ key: z.string(), passedAtMs: z.number() });

/** Remembers that a self-test passed, for a day and for exactly what it tested; failures are never kept. */
export interface SelfTestCache {
  hasPassed(): Promise<boolean>;
  storePassed(): Promise<void>;
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
    hasPassed: async () => {
      try {
        const record = recordSchema.parse(JSON.parse(await readFile(path, "utf8")));
        const ageMs = now() - record.passedAtMs;
        return record.key === (await currentKey()) && ageMs >= 0 && ageMs < validMs;
      } catch {
        // Missing or damaged: it is tested again.
        return false;
      }
    },
    storePassed: async () => {
      try {
        await mkdir(directory, { recursive: true });
        const record = { key: await currentKey(), passedAtMs: now() };
        await writeFileAtomically(path, JSON.stringify(record));
      } catch {
        // Not writable: the next process tests again, which is slower and just as safe.
      }
    },
  };
}
