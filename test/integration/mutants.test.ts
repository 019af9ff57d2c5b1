import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Language } from "../../src/shared/json.ts";
import type { Mutant, MutationOptions } from "../../src/syntax/mutant.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import { generatedProgram } from "../support/generated-program.ts";
import { describeWith, recordedDataPath, testSize } from "../support/requirements.ts";

/** Where reading must succeed, a machine that is busy elsewhere must not matter. */
const reader = openSourceReader({ timeoutMs: 50_000 });
afterAll(() => reader.close());

async function mutantsOf(
  language: Language,
  source: string,
  options: Partial<MutationOptions> = {},
): Promise<readonly Mutant[]> {
  const all = { maxMutants: 30, seed: 1, entry: "f", ...options };
  const outcome = await reader.mutants(language, source, all);
  if (outcome.kind !== "read") throw new Error(`${outcome.message}\n${source}`);
  return outcome.value;
}

async function digestOf(language: Language, source: string): Promise<string> {
  const outcome = await reader.facts(language, source);
  if (outcome.kind !== "read") throw new Error(`${outcome.message}\n${source}`);
  return outcome.value.treeDigest;
}

/** What a sandbox would be given. */
async function compiledOf(language: Language, source: string): Promise<string> {
  if (language === "python") return await digestOf(language, source);
  const outcome = await reader.prepareTypeScript(source);
  if (outcome.kind !== "read") throw new Error(`${outcome.message}\n${source}`);
  return outcome.value;
}

/** Where a mutant departs from its source, what of the source is no more there, and how much is new. */
function changedSpan(source: string, mutant: string) {
  let start = 0;
  while (start < source.length && source[start] === mutant[start]) start += 1;
  let end = 0;
  const longest = Math.min(source.length, mutant.length) - start;
  while (end < longest && source.at(-1 - end) === mutant.at(-1 - end)) end += 1;
  const removed = source.slice(start, source.length - end);
  return { start, removed, added: mutant.length - end - start };
}

async function expectMutants(
  language: Language,
  source: string,
  mutants: readonly Mutant[],
): Promise<void> {
  const digests = [await digestOf(language, source)];
  const compiled = await compiledOf(language, source);
  let line = 0;
  for (const [index, mutant] of mutants.entries()) {
    expect(mutant.id).toBe(`m${index + 1}`);
    expect(mutant.line).toBeGreaterThanOrEqual(line);
    line = mutant.line;
    const { start, removed, added } = changedSpan(source, mutant.source);
    expect(mutant.source.slice(0, start) + removed + mutant.source.slice(start + added)).toBe(
      source,
    );
    expect(await compiledOf(language, mutant.source)).not.toBe(compiled);
    const firstLine = source.slice(0, start).split("\n").length;
    expect(firstLine).toBeGreaterThanOrEqual(line);
    expect(removed.length).toBeLessThan(source.length);
    expect(mutant.before).not.toBe(mutant.after);
    expect(/[\r\n]/.test(mutant.before + mutant.after)).toBe(false);
    expect(Math.max(mutant.before.length, mutant.after.length)).toBeLessThan(200);
    digests.push(await digestOf(language, mutant.source));
  }
  expect(new Set(digests).size).toBe(mutants.length + 1);
}

describe.each<Language>(["python", "typescript"])("mutants() of generated %s", (language) => {
  it("gives sources that parse, differ from all others, and say where they were changed", async () => {
    await fc.assert(
      fc.asyncProperty(generatedProgram(language), fc.integer(), async (source, seed) => {
        const mutants = await mutantsOf(language, source, { seed });
        expect(mutants.length).toBeGreaterThan(0);
        await expectMutants(language, source, mutants);
      }),
      { numRuns: testSize(8, 200, 12) },
    );
  });

  it("gives the same for the same seed, and never more than asked for", async () => {
    await fc.assert(
      fc.asyncProperty(
        generatedProgram(language),
        fc.integer(),
        fc.integer({ min: 0, max: 12 }),
        async (source, seed, maxMutants) => {
          const options = { seed, maxMutants };
          const mutants = await mutantsOf(language, source, options);
          expect(mutants.length).toBeLessThanOrEqual(maxMutants);
          expect(await mutantsOf(language, source, options)).toEqual(mutants);
        },
      ),
      { numRuns: testSize(8, 200, 12) },
    );
  });

  it("spreads few mutants over many lines and operators", async () => {
    const source =
      language === "python"
        ? `def f(a, b):\n${Array.from({ length: 100 }, (_, index) => `    a = g(a + ${index + 2}, b < a and not b)\n`).join("")}    return a\n`
        : `export function f(a: any, b: any) {\n${Array.from({ length: 100 }, (_, index) => `  a = g(a + ${index + 2}, b < a && !b);\n`).join("")}  return a;\n}\n`;
    const mutants = await mutantsOf(language, source);
    expect(new Set(mutants.map(({ line }) => line)).size).toBe(30);
    expect(new Set(mutants.map(({ operator }) => operator)).size).toBeGreaterThanOrEqual(7);
  });
});

interface RecordedRow {
  readonly header?: string;
  readonly entry_point: string;
  readonly candidates: readonly { readonly code: string; readonly hidden_pass: boolean }[];
}

describeWith("recorded data", "mutants() of recorded programs", () => {
  it("gives at least ten for most right programs, each of which parses", async () => {
    const file = readFileSync(recordedDataPath("candidates-humaneval.jsonl.gz"));
    const lines = gunzipSync(file).toString().trim().split("\n");
    let programs = 0;
    let withTen = 0;
    for (const line of lines.slice(0, testSize(20, 1_000))) {
      const row: RecordedRow = JSON.parse(line);
      const right = row.candidates.filter(({ hidden_pass }) => hidden_pass);
      for (const { code } of right.slice(0, testSize(1, 25))) {
        const source = `${row.header ?? ""}\n${code}`;
        const mutants = await mutantsOf("python", source, { entry: row.entry_point });
        await expectMutants("python", source, mutants);
        programs += 1;
        if (mutants.length >= 10) withTen += 1;
      }
    }
    expect(programs).toBeGreaterThan(0);
    expect(withTen / programs).toBeGreaterThan(0.6);
  });
});
