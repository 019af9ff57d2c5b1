import type {
  MutantOutcome,
  MutantRequest,
  Observation,
  ObserveRequest,
  Prover,
} from "../loop/prover.ts";
import type { Program, Sandbox, TaggedValue } from "../sandbox/sandbox.ts";
import { canonicalJson } from "../shared/digest.ts";
import type { ReadOutcome } from "../syntax/source-facts.ts";
import { lastName } from "../verify/case-reader.ts";
import type { Contract } from "../verify/contract.ts";
import { contractIn } from "../verify/contract-in-language.ts";
import { constantInputs } from "../verify/generated-inputs/constant-inputs.ts";
import { generateInputs } from "../verify/generated-inputs/generate-inputs.ts";
import { withKeptChecker } from "../verify/kept-programs.ts";
import {
  aliveAfter,
  filesForGenerated,
  type MutantTrialOptions,
  type PreparedMutant,
  tryMutants,
} from "../verify/mutation/try-mutants.ts";
import { observePrograms } from "../verify/observe-programs.ts";
import { namesClock } from "../verify/repeat-clocks.ts";
import { repeatSuite } from "../verify/repeats.ts";
import { tryStubs } from "../verify/stubs.ts";
import type { Suite } from "../verify/suite.ts";
import { executionLimits } from "./execution-limits.ts";
import { type JudgeParts, judgeOn, prepareProgram } from "./judge-candidate.ts";

/** More than a hundred, so that what they cannot tell apart is likely the same. */
export const generatedInputs = 120;
/** Beside those, with literals of the code, which the branches behind them need. */
const constantInputCount = 60;

/**
 * What tests the tests, in the sandboxes of one run.
 *
 * @param otherSandbox for peers of the other language, where the settings ask for one
 */
export function buildProver(parts: JudgeParts, otherSandbox?: Sandbox): Prover {
  const { reference, sandbox, signal, config } = parts;
  const aborted = signal === undefined ? {} : { signal };
  return {
    // Stubs and mutants admit nothing by themselves, so the faster runtime may hold them.
    tryStubs: ({ contract, suite }) =>
      tryStubs({ contract, suite, sandbox, limits: executionLimits(config), ...aborted }),
    observe: (request) => observe(parts, request, otherSandbox),
    repeat: ({ first, runs, suite, ...request }) => {
      const isClocked = namesClock(request.contract.language, request.source);
      // In the system's Python some clocks cannot be set, and code can see that others were.
      const firstOn = isClocked ? reference : sandbox;
      return withKeptChecker(sandbox, (checker) =>
        repeatSuite(
          first,
          suite,
          runs,
          (again, { clockOffsetMs, isFirst }) =>
            judgeOn(
              isFirst ? (firstOn.reseeded ?? firstOn) : sandbox,
              parts,
              { ...request, suite: again, isRepeat: true, clockOffsetMs },
              checker,
            ),
          { namesClock: isClocked, canReseed: firstOn.reseeded !== undefined },
        ),
      );
    },
    tryMutants: async (request): Promise<MutantOutcome> => {
      const options = await trialOptions(parts, request);
      return options.kind === "unreadable"
        ? options
        : { kind: "tried", trial: await tryMutants(options.value) };
    },
    killMutants: async (request, ids, cases) => {
      const options = await trialOptions(parts, request);
      if (options.kind === "unreadable") {
        return [];
      }
      const asked = options.value.mutants.filter(({ mutant }) => ids.includes(mutant.id));
      const alive = await aliveAfter(options.value, asked, cases);
      return asked.filter((one) => !alive.includes(one)).map(({ mutant }) => mutant.id);
    },
  };
}

async function observe(
  parts: JudgeParts,
  request: ObserveRequest,
  otherSandbox: Sandbox | undefined,
): Promise<Observation> {
  const { contract, suite, seed } = request;
  const programs: Program[] = [];
  for (const { source, language } of request.programs) {
    const own = contractIn(contract, language);
    const program = await prepareProgram(parts.reader, own, source);
    // What cannot be prepared fails to load as it is, and so answers nothing.
    programs.push(program.kind === "read" ? program.value : unprepared(own, source));
  }
  const inputs = inputsFor(contract, suite, seed);
  const observed = await observePrograms({
    contract,
    programs,
    openCases: suite.cases.filter(({ sealed }) => !sealed),
    inputs,
    files: filesForGenerated(suite),
    sandbox: parts.sandbox,
    otherSandbox,
    limits: executionLimits(parts.config),
    signal: parts.signal,
  });
  return { programs: observed, inputs };
}

function unprepared({ language, entry }: Contract, source: string): Program {
  return { language, entry, source, fileName: "unprepared" };
}

async function trialOptions(
  parts: JudgeParts,
  request: MutantRequest,
): Promise<ReadOutcome<MutantTrialOptions>> {
  const { contract, suite, source, seed, slowestCallMs } = request;
  const candidate = await prepareProgram(parts.reader, contract, source);
  if (candidate.kind === "unreadable") {
    return candidate;
  }
  const mutants = await makeMutants(parts, request, candidate.value);
  if (mutants.kind === "unreadable") {
    return mutants;
  }
  return {
    kind: "read",
    value: {
      contract,
      suite,
      candidate: candidate.value,
      mutants: mutants.value,
      inputs: distinct([
        ...inputsFor(contract, suite, seed),
        ...(await inputsOfConstants(parts, request)),
      ]),
      sandbox: parts.sandbox,
      limits: executionLimits(parts.config),
      slowestCallMs,
      signal: parts.signal,
    },
  };
}

/** One that cannot be made a program, or is the same program once its types are gone, is none. */
async function makeMutants(
  { reader }: JudgeParts,
  { contract, source, maxMutants, seed }: MutantRequest,
  candidate: Program,
): Promise<ReadOutcome<readonly PreparedMutant[]>> {
  const { language, entry } = contract;
  const errors = contract.errors.map(({ type }) => lastName(type));
  const made = await reader.mutants(language, source, { maxMutants, seed, entry, errors });
  if (made.kind === "unreadable") {
    return made;
  }
  const prepared: PreparedMutant[] = [];
  for (const mutant of made.value) {
    const program = await prepareProgram(reader, contract, mutant.source);
    if (program.kind === "read" && program.value.source !== candidate.source) {
      prepared.push({ mutant, program: program.value });
    }
  }
  return { kind: "read", value: prepared };
}

/**
 * Made from open calls only, and never a sealed one: a call that tells a mutant apart becomes an open
 * case.
 */
function inputsFor(contract: Contract, suite: Suite, seed: number) {
  const inputs = generateInputs(contract, openCalls(suite), { count: generatedInputs, seed });
  return withoutSealed(inputs, suite);
}

/** The literals are read in the guarded child; nobody else sees the code, the tester least of all. */
async function inputsOfConstants(
  { reader }: JudgeParts,
  { contract, suite, source, seed }: MutantRequest,
) {
  const found = await reader.constants(contract.language, source);
  if (found.kind === "unreadable") {
    return [];
  }
  const options = { count: constantInputCount, seed };
  return withoutSealed(constantInputs(contract, openCalls(suite), found.value, options), suite);
}

function distinct(inputs: readonly (readonly TaggedValue[])[]) {
  return [...new Map(inputs.map((args) => [canonicalJson([...args]), args])).values()];
}

function openCalls({ cases }: Suite) {
  return cases.filter(({ sealed }) => !sealed).map(({ args }) => args);
}

function withoutSealed(inputs: readonly (readonly TaggedValue[])[], { cases }: Suite) {
  const sealed = cases.filter((one) => one.sealed).map(({ args }) => canonicalJson([...args]));
  return inputs.filter((args) => !sealed.includes(canonicalJson([...args])));
}
