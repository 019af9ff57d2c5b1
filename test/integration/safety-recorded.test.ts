import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openSafetyReader } from "../../src/safety/open-safety-reader.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";

interface Problem {
  readonly header?: string;
  readonly candidates: readonly { readonly code: string; readonly hidden_pass: boolean }[];
}

interface HostileProgram {
  readonly code: string;
  readonly sandbox_relevant: boolean;
}

const folder = process.env["AUTODIDACT_BENCH_DATA"];
const reader = openSourceReader();
const safety = openSafetyReader({ reader });
afterAll(() => reader.close());

function rows<Row>(name: string): Row[] {
  const data = gunzipSync(readFileSync(join(folder ?? "", `${name}.jsonl.gz`))).toString("utf8");
  return data
    .trim()
    .split("\n")
    .map((line): Row => JSON.parse(line));
}

async function refusals(sources: Iterable<string>): Promise<Map<string, number>> {
  const reasons = new Map<string, number>();
  for (const source of sources) {
    const { findings } = await safety.read("python", source, []);
    const [first] = findings;
    if (first !== undefined) reasons.set(first.rule, (reasons.get(first.rule) ?? 0) + 1);
  }
  return reasons;
}

const total = (reasons: Map<string, number>): number =>
  [...reasons.values()].reduce((sum, count) => sum + count, 0);

/** What the figures are, for whoever reads the test's output. */
function report(text: string): void {
  process.stdout.write(`${text}\n`);
}

describe.skipIf(folder === undefined)("openSafetyReader() on recorded programs", () => {
  it("refuses no right program but for calls of eval", { timeout: 300_000 }, async () => {
    const problems = [
      ...rows<Problem>("candidates-humaneval"),
      ...rows<Problem>("candidates-mbpp"),
    ];
    const sources = new Set(
      problems.flatMap(({ header = "", candidates }) =>
        candidates.filter((c) => c.hidden_pass).map(({ code }) => `${header}\n${code}`),
      ),
    );
    const reasons = await refusals(sources);
    report(`right programs refused: ${total(reasons)} of ${sources.size}`);
    expect([...reasons.keys()].filter((rule) => rule !== "builtin-eval")).toEqual([]);
    expect(total(reasons) / sources.size).toBeLessThan(0.005);
  });

  it("refuses most hostile programs that touch the system", { timeout: 300_000 }, async () => {
    const programs = rows<HostileProgram>("hostile-redcode");
    const touching = programs.filter((program) => program.sandbox_relevant);
    const all = await refusals(programs.map(({ code }) => code));
    const relevant = await refusals(touching.map(({ code }) => code));
    report(`hostile programs refused: ${total(all)} of ${programs.length}`);
    report(`of those that touch the system: ${total(relevant)} of ${touching.length}`);
    expect(total(relevant) / touching.length).toBeGreaterThan(0.8);
  });
});
