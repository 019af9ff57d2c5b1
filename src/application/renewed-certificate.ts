import type { Config } from "../config/schema.ts";
import type { StoredProof } from "../skills/library.ts";
import type { ClaimedOrigin, ProofCost, UnsignedCertificate } from "../verify/certificate.ts";
import { certify } from "../verify/certify.ts";
import type { Evidence } from "../verify/evidence.ts";
import { proofPolicy } from "./execution-limits.ts";
import type { Reproof } from "./reprove.ts";

type Provable = Extract<StoredProof, { kind: "first" | "read" }>;

/** Version 1 did not say. */
const unknownCost: ProofCost = { modelCalls: 0, promptTokens: 0, outputTokens: 0, durationMs: 0 };

/** Whether another installation signed it. */
export function isForeign(stored: Provable): boolean {
  return (
    stored.kind === "read" &&
    stored.parts.some(({ part, problem }) => part === "signer" && problem !== undefined)
  );
}

/** Whose word it is how the skill came to be; undefined when it is this installation's own. */
function originOf(stored: Provable): ClaimedOrigin | undefined {
  if (stored.kind === "first") {
    return { claimedBy: null };
  }
  const { signature, origin } = stored.certificate;
  return isForeign(stored) ? { claimedBy: signature.publicKey } : origin;
}

/**
 * The certificate of a proof that was run again here: proofs, evidence and limits are those of this
 * time, how the code and its suite came to be is as it was told, and by whom.
 */
export function renewedCertificate(
  config: Config,
  stored: Provable,
  { verdicts, evidence }: Reproof,
  at: Date,
): UnsignedCertificate {
  const { goal, contract, suite, analysis, models, recordingLabel, attempts, runId } =
    stored.certificate;
  const isFirst = stored.kind === "first";
  const origin = originOf(stored);
  return certify({
    goal,
    contract,
    suite,
    source: stored.source,
    verdicts,
    policy: {
      ...(isFirst ? {} : stored.certificate.policy),
      ...proofPolicy(config),
    },
    ...(evidence === undefined ? {} : { evidence: renewedEvidence(stored, evidence) }),
    analysis,
    models,
    ...(recordingLabel === undefined ? {} : { recordingLabel }),
    attempts,
    cost: isFirst ? unknownCost : stored.certificate.cost,
    ...(runId === undefined ? {} : { runId }),
    ...(origin === undefined ? {} : { origin }),
    issuedAt: at.toISOString(),
  });
}

/** Agreement cannot be repeated: this installation's own word for it stays, another's does not. */
function renewedEvidence(stored: Provable, evidence: Evidence): Evidence {
  const recorded = stored.kind === "read" ? stored.certificate.evidence : undefined;
  const isOwn = recorded?.agreement !== undefined && !isForeign(stored);
  const { analysis } = stored.certificate;
  return {
    ...evidence,
    ...(isOwn ? { strength: recorded.strength, agreement: recorded.agreement } : {}),
    removedCases: recorded?.removedCases ?? [],
    stepsOff: evidence.stepsOff.filter((step) => step !== "analysis" || analysis === "off"),
  };
}
