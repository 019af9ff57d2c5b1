import { certify } from "../verify/certify.ts";
import type { Contract } from "../verify/contract.ts";
import { type Verdict, verdictsOf } from "../verify/verdict.ts";
import type { Analysis } from "./ask-analyst.ts";
import type { Run } from "./run.ts";
import type { LoopState } from "./state.ts";

/** Writes the certificate; the skill is `working` once it is on disk. */
export async function admit(
  run: Run,
  state: LoopState,
  verdict: Verdict,
  analysis: Analysis,
): Promise<void> {
  const { contract, suite, candidate } = state;
  if (contract === null || suite === null || candidate === null) {
    return;
  }
  const admittedAt = await run.journal.step("clock", () => run.clock.now().toISOString());
  const certificate = certify({
    contract,
    suite,
    source: candidate.source,
    verdicts: verdictsOf(verdict),
    goal: run.directive.goal,
    analysis: analysis.kind === "read" ? "agreed" : analysis.kind,
    models: run.calls.models(),
    ...(run.model.recordingLabel === undefined ? {} : { recordingLabel: run.model.recordingLabel }),
    attempts: state.attempt,
    cost: run.cost(),
    policy: run.policy,
    runId: run.journal.runId,
    issuedAt: admittedAt,
  });
  const { skill } = run.directive;
  const admitted = await run.journal.step("admit", async () => {
    await restoreSource(run, contract, candidate.source, new Date(admittedAt));
    const path = await run.skills.admit(certificate, new Date(admittedAt));
    return { certificate: path, path: (await run.skills.get(skill)).path };
  });
  const runtime = verdictsOf(verdict)
    .map((one) => one.runtime)
    .join(" and ");
  run.emit({ type: "skill-admitted", skill, ...admitted, runtime });
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
