import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Program, Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import type { Mutant } from "../../src/syntax/mutant.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import type { Contract } from "../../src/verify/contract.ts";
import { generateInputs } from "../../src/verify/generated-inputs/generate-inputs.ts";
import { tryMutants } from "../../src/verify/mutation/try-mutants.ts";
import { variedBetween } from "../../src/verify/repeats.ts";
import { tryStubs } from "../../src/verify/stubs.ts";
import type { Case } from "../../src/verify/suite.ts";
import { testSize } from "../support/requirements.ts";
import { quickSandboxes, usableSandboxes } from "../support/usable-backends.ts";

const sources: Readonly<Record<Language, string>> = {
  python: `def clamp(value, low):
    if value < low:
        return low
    if value > 100:
        return 100
    return value
`,
  typescript: `function clamp(value, low) {
  if (value < low) return low;
  if (value > 100) return 100;
  return value;
}
`,
};

function contractIn(language: Language): Contract {
  const integer = { type: "integer" };
  return {
    name: "clamp",
    language,
    description: "",
    entry: "clamp",
    parameters: [
      { name: "value", schema: integer, description: "" },
      { name: "low", schema: integer, description: "" },
    ],
    result: integer,
    errors: [],
    capabilities: [],
    files: { reads: [], makes: [] },
  };
}

function returnsCase(index: number, args: readonly number[], expected: number): Case {
  const base = { args: [...args], files: [], filesAfter: [], sealed: false, why: "" } as const;
  return { ...base, id: `c${index}`, origin: "model", kind: "returns", expected };
}

/** Never ends: what an engine that changes a loop may make of it. */
const endless: Readonly<Record<Language, Mutant>> = {
  python: endlessMutant("def clamp(value, low):\n    while True:\n        pass\n"),
  typescript: endlessMutant("function clamp() { for (;;); }\n"),
};

function endlessMutant(source: string): Mutant {
  return { id: "m99", operator: "condition", line: 1, before: "", after: "", source };
}

const weak = [returnsCase(1, [5, 0], 5), returnsCase(2, [7, 0], 7)];
const better = [...weak, returnsCase(3, [-3, 0], 0), returnsCase(4, [130, 1], 100)];

describe.each(["python", "typescript"] as const)("proofs in %s", (language) => {
  let sandboxes: readonly Sandbox[] = [];
  const reader = openSourceReader();
  const contract = contractIn(language);

  beforeAll(async () => {
    sandboxes = await usableSandboxes(language, 2);
  });
  afterAll(async () => {
    await reader.close();
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  });

  function programOf(source: string): Program {
    const fileName = language === "python" ? "clamp.py" : "clamp.ts";
    return { language, source, entry: "clamp", fileName };
  }

  it("tryStubs() lets a suite stand only when no stub passes it, on every backend", async () => {
    for (const sandbox of quickSandboxes(sandboxes)) {
      const of = async (cases: Case[]) =>
        (await tryStubs({ contract, suite: { cases }, sandbox, limits: defaultLimits })).passing;
      expect(await of(better)).toEqual([]);
      expect(await of(weak)).toEqual(["returns its first argument as it is"]);
    }
  });

  it("tryMutants() kills more with more cases, loops without end included, on every backend", {
    timeout: 180_000,
  }, async () => {
    const source = sources[language];
    const made = await reader.mutants(language, source, {
      maxMutants: testSize(9, 14, 14),
      seed: 1,
      entry: "clamp",
    });
    const mutants = made.kind === "read" ? [...made.value, endless[language]] : [];
    expect(mutants.length).toBeGreaterThan(8);
    for (const sandbox of quickSandboxes(sandboxes)) {
      const trialOf = (cases: Case[]) =>
        tryMutants({
          contract,
          suite: { cases },
          candidate: programOf(source),
          mutants: mutants.map((mutant) => ({ mutant, program: programOf(mutant.source) })),
          inputs: generateInputs(
            contract,
            cases.map(({ args }) => args),
            { count: testSize(30, 100, 100), seed: 1 },
          ),
          sandbox,
          limits: defaultLimits,
          slowestCallMs: 1,
          signal: undefined,
        });
      const [few, more] = [await trialOf(weak), await trialOf(better)];
      expect(more.killed).toBeGreaterThan(few.killed);
      expect(few.survivors.map(({ id }) => id)).not.toContain("m99");
      const toldApart = few.survivors.filter(({ differences }) => differences.length > 0);
      expect(toldApart.length).toBeGreaterThan(0);
      for (const { killed, trivial, equivalent, survivors, made: count } of [few, more]) {
        expect(killed + trivial + equivalent + survivors.length).toBe(count);
      }
    }
  });

  it("variedBetween() names the hash seed where two processes differ in it, and only there", async () => {
    const source =
      language === "python"
        ? "import random\ndef seeds():\n    return [hash('a text'), random.random()]\n"
        : "function seeds() { return [0, Math.random()]; }\n";
    for (const sandbox of quickSandboxes(sandboxes)) {
      const seen = [];
      for (let start = 0; start < 2; start += 1) {
        const started = await sandbox.start(
          { language, source, entry: "seeds", fileName: "seeds" },
          defaultLimits,
        );
        const outcome = await started.subject?.call({ args: [] });
        await started.subject?.close();
        seen.push(outcome?.kind === "returned" ? outcome.value : undefined);
      }
      const [one, other] = seen.map((value) => (Array.isArray(value) ? value : []));
      const names = variedBetween([sandbox.runtime]);
      expect(names.includes("hash seed")).toBe(
        JSON.stringify(one?.[0]) !== JSON.stringify(other?.[0]),
      );
      expect(names.includes("random seed")).toBe(one?.[1] !== other?.[1]);
    }
  });
});
