import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRunJournal } from "../../journal/run-journal.ts";
import type { FailureRecord, Memory } from "../../memory/memory.ts";
import type { Spending } from "../../model/budget/spending.ts";
import type { ChatModel, ChatRequest } from "../../model/chat-model.ts";
import type { RoleLinks } from "../../model/model-chain.ts";
import type { SafetyReader } from "../../safety/safety.ts";
import { digestBytes } from "../../shared/digest.ts";
import type { AgentEvent } from "../../shared/events.ts";
import type { Skill, SkillLibrary } from "../../skills/library.ts";
import type { UnsignedCertificate } from "../../verify/certificate.ts";
import type { Case } from "../../verify/suite.ts";
import type { CaseFinding, Verdict } from "../../verify/verdict.ts";
import type { Peer } from "../peers.ts";
import type { Prover } from "../prover.ts";
import { RoleModels } from "../role-models.ts";
import { CallCounter, type JudgeRequest, type LoopSettings, type Run } from "../run.ts";

/** An answer, or what gives one for the n-th call of a role. */
type Answers = Partial<Record<ChatRequest["role"], string[] | ((order: number) => string)>>;

export const contractAnswer = JSON.stringify({
  description: "Adds one.",
  entry: "add_one",
  parameters: [{ name: "n", schema: { type: "integer" }, description: "a number" }],
  result: { type: "integer" },
});
/** Every result is three digits long, so that a leak of a sealed one can be searched for. */
export const suiteAnswer = JSON.stringify({
  cases: [110, 220, 330, 440, 550, 660, 770, 880, 990].map((n) => ({ args: [n], returns: n + 1 })),
});
export const agreeAnswer = JSON.stringify({ verdict: "agree", explanation: "It adds one." });

export function codeAnswer(body: string): string {
  return `Here it is:\n\n\`\`\`python\ndef add_one(n):\n    ${body}\n\`\`\`\n`;
}

export interface FakeRun {
  readonly run: Run;
  readonly events: AgentEvent[];
  readonly requests: ChatRequest[];
  readonly failures: FailureRecord[];
  readonly certificates: UnsignedCertificate[];
  /** The sources that were written, oldest first, and the one kept at the end. */
  readonly written: string[];
  readonly kept: (string | undefined)[];
  readonly runsDirectory: string;
}

export interface FakeRunOptions {
  readonly answers: Answers;
  readonly settings?: Partial<LoopSettings>;
  readonly confirm?: () => Promise<boolean>;
  readonly runsDirectory?: string;
  readonly library?: Skill[];
  /** Errors of earlier runs that memory recalls. */
  readonly recalled?: readonly string[];
  readonly refuses?: (source: string) => boolean;
  readonly signal?: AbortSignal;
  readonly prover?: Prover;
  readonly peers?: readonly Peer[];
  /** Instead of the one scripted model. */
  readonly links?: RoleLinks;
  readonly spending?: Spending;
}

/** Lets every call be made and counts nothing. */
const freeSpending: Spending = {
  reached: undefined,
  spend: (_call, _signal, work) => work({ promptTokens: 10, worstOutputTokens: 10 }),
  record: () => {},
};

/** One model in all roles. */
export function sharedLinks(model: ChatModel): RoleLinks {
  const links = [{ name: model.name, open: async () => model }];
  return { planner: links, tester: links, coder: links, analyst: links };
}

/** A run whose model is scripted and whose judge passes what says `n + 1`, but for 5 where it says `n != 5 `. */
export async function fakeRun(options: FakeRunOptions): Promise<FakeRun> {
  const runsDirectory =
    options.runsDirectory ?? (await mkdtemp(join(tmpdir(), "autodidact-loop-test-")));
  const journal = await openRunJournal({ runsDirectory, runId: "run-1", fsync: false });
  const record = {
    events: [] as AgentEvent[],
    requests: [] as ChatRequest[],
    failures: [] as FailureRecord[],
    certificates: [] as UnsignedCertificate[],
    written: [] as string[],
    kept: [] as (string | undefined)[],
    library: options.library ?? [],
  };
  const run: Run = {
    directive: {
      id: "run-1",
      goal: "Create a skill that adds one",
      skill: "adds_one",
      language: "python",
      examples: [],
      inputs: [],
    },
    settings: {
      maxIterations: 12,
      analysis: true,
      suiteCases: 9,
      sealedShare: 1 / 3,
      flakeRuns: 3,
      maxMutants: 30,
      minMutationScore: 0.8,
      candidates: 1,
      ...options.settings,
    },
    models: new RoleModels(
      options.links ?? sharedLinks(scriptedModel(options.answers, record.requests)),
      journal,
      (event) => record.events.push(event),
    ),
    spending: options.spending ?? freeSpending,
    peers: options.peers ?? [],
    journal,
    memory: fakeMemory(record.failures, options.recalled ?? []),
    skills: fakeSkills(record),
    safety: fakeSafety(options.refuses ?? (() => false)),
    clock: { now: () => new Date("2026-11-22T10:00:00Z"), monotonicMs: () => 0 },
    emit: (event) => record.events.push(event),
    confirm: options.confirm,
    signal: options.signal,
    prover: options.prover ?? fakeProver(),
    vetCases: async (cases) => ({ cases, dropped: [] }),
    judge: async (request) => fakeVerdict(request),
    policy: { limits: fakeLimits },
    cost: () => ({ modelCalls: 4, promptTokens: 40, outputTokens: 20, durationMs: 1 }),
    calls: new CallCounter(),
  };
  return { run, runsDirectory, ...record };
}

/** One whose stubs all fail, whose cases hold and whose mutants are all killed. */
export function fakeProver(changes: Partial<Prover> = {}): Prover {
  return {
    tryStubs: async () => ({
      findings: [{ stub: "returns-nothing", failedCases: 9 }],
      passing: [],
      isConsistent: false,
    }),
    observe: async ({ programs }) => ({
      programs: programs.map(({ source }) => ({
        passed: [],
        caseAnswers: {},
        outcomes: [JSON.stringify(source)],
        isFamiliar: [true],
      })),
      inputs: [[0]],
    }),
    repeat: async ({ runs }) => ({ runs, varied: ["random seed"], wavering: [] }),
    tryMutants: async ({ maxMutants }) => ({
      kind: "tried",
      trial: {
        made: maxMutants,
        killed: maxMutants,
        trivial: 0,
        equivalent: 0,
        survivors: [],
        generatedInputs: 120,
      },
    }),
    killMutants: async () => [],
    ...changes,
  };
}
const fakeLimits = {
  timeoutMs: 1_000,
  maxCpuMs: 1_000,
  maxMemoryBytes: 1_000_000,
  maxOutputBytes: 1_000,
  maxMessageBytes: 10_000,
  maxFiles: 1,
  maxFileBytes: 1_000,
};

export function scriptedModel(
  answers: Answers,
  requests: ChatRequest[],
  { name = "scripted", contextTokens = 32_768 } = {},
): ChatModel {
  return {
    name,
    contextTokens,
    async chat(request) {
      requests.push(request);
      const script = answers[request.role];
      const text = typeof script === "function" ? script(request.order) : script?.[request.order];
      if (text === undefined) {
        throw new Error(`no answer is scripted for ${request.role} ${request.order}`);
      }
      const usage = { promptTokens: 10, outputTokens: 5, durationMs: 1, firstTokenMs: 1 };
      return { text, thinking: "", model: name, ...usage };
    },
  };
}

function fakeMemory(failures: FailureRecord[], recalled: readonly string[]): Memory {
  const unused = async (): Promise<never> => {
    throw new Error("the loop has no business with this part of memory");
  };
  return {
    read: unused,
    recordSkill: unused,
    recordDirective: unused,
    recordFailure: async (failure) => {
      failures.push(failure);
    },
    recallFailures: async () =>
      recalled.map((error, index) => ({
        score: -index,
        failure: {
          skill: "adds_one",
          error,
          code_snippet: "",
          timestamp: "2026-11-21T10:00:00.000Z",
          goal: "Create a skill that adds one",
          attempt: index + 1,
          kind: "wrong-value",
          run_id: "run-0",
        },
      })),
  };
}

function fakeSkills(record: {
  written: string[];
  kept: (string | undefined)[];
  library: Skill[];
  certificates: UnsignedCertificate[];
}): SkillLibrary {
  const unused = async (): Promise<never> => {
    throw new Error("the loop has no business with this part of the library");
  };
  return {
    list: async () => record.library,
    nameFor: unused,
    refuseTaken: unused,
    findWorking: unused,
    get: async (name) => ({
      name,
      language: "python",
      description: "",
      goal: "",
      status: "working",
      path: `skills/${name}.py`,
      source: record.written.at(-1) ?? "",
    }),
    write: async ({ name, source }) => {
      record.written.push(source);
      return `skills/${name}.py`;
    },
    admit: async (certificate) => {
      record.certificates.push(certificate);
      return "skills/adds_one.certificate.json";
    },
    storedProof: unused,
    renew: unused,
    addProof: unused,
    demote: unused,
    fail: async ({ source }) => {
      record.kept.push(source);
    },
  };
}

function fakeSafety(refuses: (source: string) => boolean): SafetyReader {
  return {
    read: async (language, source) => ({
      accepted: !refuses(source),
      findings: refuses(source)
        ? [
            {
              tier: "approval",
              rule: "network",
              line: 1,
              message: "line 1: the network is refused",
            },
          ]
        : [],
      facts: {
        kind: "read",
        value: {
          language,
          imports: [],
          reached: [],
          functions: [],
          treeDigest: digestBytes(source),
        },
      },
    }),
  };
}

function fakeVerdict({ suite, source, onFinding }: JudgeRequest): Verdict {
  const isRight = source.includes("n + 1");
  const judgeAll = (isSealed: boolean) =>
    suite.cases.filter(({ sealed }) => sealed === isSealed).map(judgeOne);
  const judgeOne = (one: Case): CaseFinding => {
    const passed = isRight && !source.includes(`n != ${one.args[0]} `);
    const measures = { printed: `saw ${JSON.stringify(one.args)}`, durationMs: 1 };
    const detail = `expected ${one.kind === "returns" ? one.expected : "?"}, got 0`;
    const finding: CaseFinding = {
      caseId: one.id,
      passed,
      sealed: one.sealed,
      detail,
      outcome: { kind: "returned", value: 0, ...measures },
    };
    return passed ? finding : { ...finding, failure: "wrong-value" };
  };
  // As the judge does it: sealed cases only when every open one passed.
  const open = judgeAll(false);
  const findings = open.every(({ passed }) => passed) ? [...open, ...judgeAll(true)] : open;
  for (const finding of findings) {
    onFinding?.(finding);
  }
  const passed = findings.every((finding) => finding.passed);
  return { passed, findings, runtime: "cpython-3.14/wasm", backend: "fake" };
}
