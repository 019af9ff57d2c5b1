import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  TaggedValue,
} from "../sandbox/sandbox.ts";
import { canonicalJson } from "../shared/digest.ts";
import type { Language } from "../shared/json.ts";
import type { Contract } from "./contract.ts";
import type { StubFinding } from "./evidence.ts";
import { judgeOutcome } from "./judge-case.ts";
import { PropertyChecker } from "./property-checker.ts";
import { showValue } from "./show-value.ts";
import type { Case, Suite } from "./suite.ts";
import { sharedProcess, type VariantProcess } from "./variant-process.ts";

export interface StubOptions {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly sandbox: Sandbox;
  readonly limits: ExecutionLimits;
  readonly signal?: AbortSignal;
}

export interface StubTrial {
  /** One a kind of stub; of the constants, the one that failed the fewest cases. */
  readonly findings: readonly StubFinding[];
  /** The stubs that pass every case, in words: `always returns true`. */
  readonly passing: readonly string[];
  /**
   * All that pass answer alike, and the suite says of each call exactly what comes back: such a
   * suite may stand for a function that really is that simple.
   */
  readonly isConsistent: boolean;
}

interface Stub {
  readonly kind: StubFinding["stub"];
  readonly text: string;
  readonly answer: (args: readonly TaggedValue[]) => TaggedValue;
}

const constants: readonly TaggedValue[] = [0, "", [], {}, true, false];

/**
 * Judges programs that do nothing right by the suite; where it looks at files, in the sandbox:
 * one that returns nothing, several that return a constant (the result that the suite expects most
 * often among them), one that returns its first argument. Properties are evaluated only for a stub
 * that no other case failed.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function tryStubs(options: StubOptions): Promise<StubTrial> {
  const { contract, suite, sandbox, limits, signal } = options;
  const process = sharedProcess(stubProgram(contract.language), { sandbox, limits, signal });
  const checker = new PropertyChecker(sandbox, limits);
  try {
    const tried: TriedStub[] = [];
    for (const stub of stubsFor(contract, suite)) {
      tried.push({ stub, failedCases: await failedCases(stub, process, checker, options) });
    }
    return trialOf(tried, suite);
  } finally {
    await Promise.all([process.close(), checker.close()]);
  }
}

interface TriedStub {
  readonly stub: Stub;
  readonly failedCases: number;
}

function stubsFor(contract: Contract, suite: Suite): readonly Stub[] {
  const values = new Map(
    [...constants, ...mostExpected(suite)].map((value) => [canonicalJson(value), value]),
  );
  const always = [...values.values()].map(
    (value): Stub => ({
      kind: "returns-constant",
      text: `always returns ${showValue(value, 120)}`,
      answer: () => value,
    }),
  );
  const first: Stub = {
    kind: "returns-first-argument",
    text: "returns its first argument as it is",
    answer: ([argument = null]) => argument,
  };
  return [
    { kind: "returns-nothing", text: "returns nothing", answer: () => null },
    ...always,
    ...(contract.parameters.length === 0 ? [] : [first]),
  ];
}

function mostExpected({ cases }: Suite): readonly TaggedValue[] {
  const expected = cases.flatMap((one) => (one.kind === "returns" ? [one.expected] : []));
  const groups = Map.groupBy(expected, (value) => canonicalJson(value));
  const [largest] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  return largest?.slice(0, 1) ?? [];
}

/** The answer of the stub is an argument of its call, so that any tagged value can be one. */
function stubProgram(language: Language): Program {
  const source =
    language === "python"
      ? "def stub(_index, answer, *arguments):\n    return answer\n"
      : "function stub(_index, answer) { return answer; }\n";
  return {
    language,
    source,
    entry: "stub",
    fileName: language === "python" ? "stub.py" : "stub.ts",
  };
}

async function failedCases(
  stub: Stub,
  process: VariantProcess,
  checker: PropertyChecker,
  { contract, suite, signal }: StubOptions,
): Promise<number> {
  let failed = 0;
  for (const testCase of exactFirst(suite.cases)) {
    if (testCase.kind === "property" && failed > 0) {
      break;
    }
    const outcome = await outcomeOf(stub.answer(testCase.args), testCase, process);
    const failure = await judgeOutcome(testCase, outcome, contract, checker, signal);
    failed += failure === undefined ? 0 : 1;
  }
  return failed;
}

/** No process is asked what is known: the answer of a call comes back as it went in. */
async function outcomeOf(
  value: TaggedValue,
  { args, files, filesAfter }: Case,
  process: VariantProcess,
): Promise<CallOutcome> {
  return filesAfter.length === 0
    ? { kind: "returned", value, printed: "", durationMs: 0 }
    : process.call(0, { args: [value, ...args], files, collectFiles: true });
}

/** Properties last: each costs a call of another process. */
export function exactFirst(cases: readonly Case[]): readonly Case[] {
  return [
    ...cases.filter(({ kind }) => kind !== "property"),
    ...cases.filter(({ kind }) => kind === "property"),
  ];
}

function trialOf(tried: readonly TriedStub[], suite: Suite): StubTrial {
  const kinds = Map.groupBy(tried, ({ stub }) => stub.kind);
  const findings = [...kinds].map(([stub, group]) => ({
    stub,
    failedCases: Math.min(...group.map((one) => one.failedCases)),
  }));
  const passing = tried.filter((one) => one.failedCases === 0).map(({ stub }) => stub);
  const behaviours = new Set(
    passing.map((stub) => canonicalJson(suite.cases.map(({ args }) => stub.answer(args)))),
  );
  const isExact = suite.cases.every(({ kind }) => kind === "returns");
  return {
    findings,
    passing: passing.map(({ text }) => text),
    isConsistent: isExact && behaviours.size === 1,
  };
}
