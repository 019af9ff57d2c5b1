import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Contract } from "../verify/contract.ts";
import type { Evidence } from "../verify/evidence.ts";
import type { Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { ProofCheck } from "./application.ts";
import { evidenceChecks } from "./evidence-checks.ts";
import { judgeOn } from "./judge-candidate.ts";
import type { Parts } from "./parts.ts";
import { verdictProblem } from "./verdict-problem.ts";

export interface ReproofRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly source: string;
  /** What a certificate holds; told beside what was left out this time. */
  readonly recorded?: Evidence | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface Reproof {
  /** One a runtime that was tried, that of the reference first. */
  readonly verdicts: readonly Verdict[];
  /** Where it answered wrongly, and how. */
  readonly wrong?: { readonly runtime: string; readonly reason: string };
  /** Absent when a case failed, or no such step is known. */
  readonly evidence?: Evidence;
}

/**
 * Proves a source by a suite, without a model: what the source reaches, every case on the reference
 * runtime and on the one in use, then the suite itself. Tells each finding as soon as it stands, and
 * goes no further than a source that may not be run.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function reprove(
  parts: Parts,
  request: ReproofRequest,
  tell: (check: ProofCheck) => void,
): Promise<Reproof> {
  const { contract, suite, source, recorded, signal } = request;
  const safety = await parts.safety();
  const report = await safety.read(contract.language, source, contract.capabilities);
  if (!report.accepted) {
    const [finding] = report.findings;
    const detail = finding?.message ?? "its source cannot be read";
    tell({ part: "safety", state: "fails", detail: `${detail}; nothing was run` });
    return { verdicts: [] };
  }
  tell({ part: "safety", state: "holds", detail: "it reaches nothing that it may not" });
  const verdicts: Verdict[] = [];
  let wrong: Reproof["wrong"];
  for (const sandbox of await runtimes(parts, contract)) {
    const verdict = await judgeHere(parts, sandbox, request);
    verdicts.push(verdict);
    const problem = verdict.passed ? undefined : verdictProblem(verdict, { suite, contract });
    tell(runtimeCheck(verdict, suite, problem?.reason));
    if (problem?.isWrong === true) {
      wrong ??= { runtime: verdict.runtime, reason: problem.reason };
    }
  }
  const [last, ...before] = verdicts.toReversed();
  if (last === undefined || verdicts.some(({ passed }) => !passed)) {
    return { verdicts, ...(wrong === undefined ? {} : { wrong }) };
  }
  const verdict = { ...last, earlier: before.toReversed() };
  const evidence = await parts.gatherEvidence({ contract, suite, source, signal, verdict });
  for (const check of evidenceChecks(suite, evidence, recorded)) {
    tell(check);
  }
  return { verdicts, evidence };
}

/** The reference first; once where the one in use is the same. */
async function runtimes(parts: Parts, { language }: Contract): Promise<Sandbox[]> {
  const reference = await parts.referenceSandbox(language);
  const inUse = await parts.sandbox(language);
  return inUse.runtime === reference.runtime ? [reference] : [reference, inUse];
}

async function judgeHere(parts: Parts, sandbox: Sandbox, request: ReproofRequest) {
  const { signal, contract, suite, source } = request;
  return judgeOn(
    sandbox,
    { reader: await parts.reader(), config: parts.config, signal },
    { contract, suite, source },
  );
}

function runtimeCheck(verdict: Verdict, suite: Suite, problem: string | undefined): ProofCheck {
  const passed = verdict.findings.filter((finding) => finding.passed).length;
  const share = `${passed} of ${suite.cases.length} cases pass`;
  return problem === undefined
    ? { part: verdict.runtime, state: "holds", detail: share }
    : { part: verdict.runtime, state: "fails", detail: `${share}: ${problem}` };
}
