import type { Sandbox } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import type { Skill } from "../skills/library.ts";
import type { Certificate } from "../verify/certificate.ts";
import { proofOf } from "../verify/certify.ts";
import { judgeOn } from "./judge-candidate.ts";
import type { Parts } from "./parts.ts";
import { verdictProblem } from "./verdict-problem.ts";

type ProvenSkill = Skill & { readonly certificate: Certificate };

/**
 * Proves a skill on the runtime in use when its certificate does not yet, without a model: by the
 * certificate's own suite. The proof is added to the certificate.
 *
 * @throws {AgentError} SKILL_NOT_PROVEN, naming runtime and case, when it does not pass; only a wrong
 * answer makes the skill `untested`, a process that died or ran out of time does not.
 */
export async function proveHere(
  parts: Parts,
  sandbox: Sandbox,
  skill: ProvenSkill,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { certificate, source, name } = skill;
  const { runtime } = sandbox;
  if (certificate.proofs.some((proof) => proof.runtime === runtime)) {
    return;
  }
  const { contract, suite } = certificate;
  const reader = await parts.reader();
  const { config, clock } = parts;
  const verdict = await judgeOn(sandbox, { reader, config, signal }, { contract, suite, source });
  const skills = await parts.skills();
  if (verdict.passed) {
    await skills.addProof(certificate, proofOf(verdict, suite), clock.now());
    return;
  }
  const { reason, isWrong } = verdictProblem(verdict, certificate);
  if (!isWrong) {
    throw new AgentError(
      "SKILL_NOT_PROVEN",
      `Proving ${name} on ${runtime}: ${reason}; it must pass there before it is used there; try again when the machine is idle, or raise the limit with --timeout-ms.`,
      { blame: "environment", isRetryable: true },
    );
  }
  await skills.demote(certificate, { runtime, reason, at: clock.now().toISOString() });
  throw new AgentError(
    "SKILL_NOT_PROVEN",
    `Proving ${name} on ${runtime}: ${reason}; it must pass there before it is used there, and is untested now; make another by giving its goal: ${JSON.stringify(skill.goal)}.`,
    { blame: "model" },
  );
}
