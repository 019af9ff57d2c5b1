import { type CertifyInput, certify } from "../verify/certify.ts";
import type { Contract } from "../verify/contract.ts";
import type { Evidence } from "../verify/evidence.ts";
import { verdictsOf } from "../verify/verdict.ts";
import type { Analysis } from "./ask-analyst.ts";
import type { Proving } from "./proof.ts";
import type { Run } from "./run.ts";

/** Writes the certificate; the skill is `working` once it is on disk. */
export async function admit(
  run: Run,
  proving: Proving,
  analysis: Analysis,
  evidence: Evidence,
): Promise<void> {
  const input = await certificateInput(run, proving, analysis, evidence);
  const certificate = certify(input);
  const { skill } = run.directive;
  const at = new Date(input.issuedAt);
  const admitted = await run.journal.step("admit", async () => {
    await restoreSource(run, proving.contract, proving.candidate.source, at);
    const path = await run.skills.admit(certificate, at);
    return { certificate: path, path: (await run.skills.get(skill)).path };
  });
  const runtime = verdictsOf(proving.verdict)
    .map((one) => one.runtime)
    .join(" and ");
  run.emit({ type: "skill-admitted", skill, ...admitted, runtime });
}

/** Keeps the skill `untested`, with a certificate that says what a proof would still need. */
export async function keepUnproven(
  run: Run,
  proving: Proving,
  analysis: Analysis,
  evidence: Evidence,
  missing: readonly string[],
): Promise<void> {
  const input = await certificateInput(run, proving, analysis, evidence);
  const certificate = certify({ ...input, missing });
  const { skill } = run.directive;
  const at = new Date(input.issuedAt);
  const kept = await run.journal.step("keep-unproven", async () => {
    await restoreSource(run, proving.contract, proving.candidate.source, at);
    const path = await run.skills.admit(certificate, at);
    return { certificate: path, path: (await run.skills.get(skill)).path };
  });
  run.emit({ type: "skill-unproven", skill, ...kept, missing: [...missing] });
}

async function certificateInput(
  run: Run,
  { contract, suite, candidate, verdict, attempt }: Proving,
  analysis: Analysis,
  evidence: Evidence,
): Promise<CertifyInput> {
  const admittedAt = await run.journal.step("clock", () => run.clock.now().toISOString());
  return {
    contract,
    suite,
    source: candidate.source,
    verdicts: verdictsOf(verdict),
    goal: run.directive.goal,
    analysis: analysis.kind === "read" ? "agreed" : analysis.kind,
    models: run.calls.models(),
    ...(run.recordingLabel === undefined ? {} : { recordingLabel: run.recordingLabel }),
    ...(run.models.switches.length === 0 ? {} : { modelSwitches: run.models.switches }),
    attempts: attempt,
    cost: run.cost(),
    policy: run.policy,
    runId: run.journal.runId,
    issuedAt: admittedAt,
    evidence,
  };
}

/** While this run lay cut off, another one for the same goal may have written its own candidate. */
async function restoreSource(
  run: Run,
  contract: Contract,
  source: string,
  at: Date,
): Promise<void> {
  const { skill: name, language, goal } = run.directive;
  const onDisk = await run.skills.get(name);
  if (onDisk.source !== source) {
    const { description } = contract;
    await run.skills.write({ name, language, goal, description, source }, at);
  }
}
