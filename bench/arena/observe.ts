import { generatedInputs } from "../../src/application/prover.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Sandbox, TaggedValue } from "../../src/sandbox/sandbox.ts";
import { canonicalJson, digestBytes } from "../../src/shared/digest.ts";
import type { SourceReader } from "../../src/syntax/source-facts.ts";
import {
  type Behaviour,
  outcomeKey,
  type WeighedCase,
} from "../../src/verify/agreement/behaviour.ts";
import type { AgreementInput } from "../../src/verify/agreement/decisive-agreement.ts";
import { familiarInputs } from "../../src/verify/agreement/familiar-inputs.ts";
import { compareValues } from "../../src/verify/compare-values.ts";
import { generateInputs } from "../../src/verify/generated-inputs/generate-inputs.ts";
import { PropertyChecker } from "../../src/verify/property-checker.ts";
import {
  type AdaptedProblem,
  type ArenaCase,
  adaptProblem,
  type ProblemText,
} from "./adapter/adapt-problem.ts";
import {
  type ExecutionCounts,
  executePrograms,
  type ProgramOutcome,
} from "./execute/execute-programs.ts";
import { bareStartMs } from "./speed.ts";

const inputSeed = 1;

export interface ArenaTools {
  readonly sandbox: Sandbox;
  readonly reader: SourceReader;
  readonly counts: ExecutionCounts & { programs: number; executionMs: number; startsMs: number[] };
  /** The system's own, to compare with; undefined without one. */
  readonly interpreter: string | undefined;
}

/** What every program of a problem did in our sandbox. */
export interface ObservedProblem {
  readonly adapted: AdaptedProblem;
  readonly cases: readonly WeighedCase[];
  /** Calls of the cases first, then the generated ones. */
  readonly inputs: readonly (readonly TaggedValue[])[];
  readonly agreementInputs: readonly AgreementInput[];
  /** One a source, in their order; the origin is the caller's to say. */
  readonly behaviours: readonly Omit<Behaviour, "origin" | "samples">[];
}

/**
 * Runs every source on every case's call and on generated inputs.
 *
 * @param weights how often each assert was written
 */
export async function observeProblem(
  tools: ArenaTools,
  text: ProblemText,
  sources: readonly string[],
  weights: readonly number[] = [],
): Promise<ObservedProblem | undefined> {
  const adapted = adaptProblem(text);
  if (adapted === undefined) {
    return undefined;
  }
  const { contract, shapes } = adapted;
  const calls = new Map(adapted.cases.map(({ args }) => [canonicalJson([...args]), args]));
  const own = [...calls.values()];
  const generated = generateInputs(contract, own, { count: generatedInputs, seed: inputSeed });
  const inputs = [...own, ...generated];
  const startMs = performance.now();
  const order = { sources, entry: text.entry, shapes, inputs, ownInputs: own.length };
  const outcomes = await executePrograms(tools.sandbox, order, tools.counts);
  tools.counts.executionMs += performance.now() - startMs;
  tools.counts.programs += sources.length;
  if (tools.interpreter !== undefined) {
    tools.counts.startsMs.push(await bareStartMs(tools.interpreter));
  }
  const places = new Map([...calls.keys()].map((key, index) => [key, index]));
  const judged = { adapted, places, outcomes };
  const passes = await judgeCases(tools.sandbox, judged);
  const digests = await digestsOf(tools.reader, sources);
  const familiar = familiarInputs(generated, own);
  return {
    adapted,
    inputs,
    cases: adapted.cases.map(({ isExample, index }, place) => ({
      id: `c${place + 1}`,
      isExample,
      isSealed: false,
      weight: isExample ? 1 : (weights[index] ?? 1),
    })),
    agreementInputs: familiar.map((isFamiliar, index) => ({
      index: own.length + index,
      isFamiliar,
    })),
    behaviours: outcomes.map((row, index) => ({
      textDigest: digestBytes(sources[index] ?? ""),
      treeDigest: digests[index] ?? "",
      outcomes: row.map(keyOf),
      passes: passes[index] ?? [],
    })),
  };
}

function keyOf(outcome: ProgramOutcome): string {
  return outcomeKey(
    outcome.kind === "value" ? { kind: "returned", value: outcome.value } : outcome,
  );
}

async function digestsOf(reader: SourceReader, sources: readonly string[]): Promise<string[]> {
  const digests: string[] = [];
  for (const source of sources) {
    const facts = await reader.facts("python", source);
    digests.push(facts.kind === "read" ? facts.value.treeDigest : digestBytes(source));
  }
  return digests;
}

interface Judged {
  readonly adapted: AdaptedProblem;
  readonly places: ReadonlyMap<string, number>;
  readonly outcomes: readonly (readonly ProgramOutcome[])[];
}

async function judgeCases(sandbox: Sandbox, judged: Judged): Promise<boolean[][]> {
  const checker = new PropertyChecker(sandbox, { ...defaultLimits, timeoutMs: 2_000 });
  const known = new Map<string, boolean>();
  const holds = async (one: ArenaCase, value: TaggedValue): Promise<boolean> => {
    if (one.check.kind === "returns") {
      return compareValues(one.check.expected, value) === undefined;
    }
    const { expression } = one.check;
    const key = canonicalJson([expression, [...one.args], value]);
    const held =
      known.get(key) ?? (await checker.check(expression, one.args, value)).kind === "holds";
    known.set(key, held);
    return held;
  };
  try {
    const rows: boolean[][] = [];
    for (const outcomes of judged.outcomes) {
      const passes: boolean[] = [];
      for (const one of judged.adapted.cases) {
        const outcome = outcomes[judged.places.get(canonicalJson([...one.args])) ?? -1];
        passes.push(outcome?.kind === "value" && (await holds(one, outcome.value)));
      }
      rows.push(passes);
    }
    return rows;
  } finally {
    await checker.close();
  }
}
