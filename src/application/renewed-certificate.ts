import type { Config } from "../config/schema.ts";
import type { StoredProof } from "../skills/library.ts";
import type { ProofCost, UnsignedCertificate } from "../verify/certificate.ts";
import { certify } from "../verify/certify.ts";
import type { Evidence } from "../verify/evidence.ts";
import { unaskedProofPolicy } from "./execution-limits.ts";
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

/**
 * The certificate of a proof that was run again here: proofs, evidence and limits are those of this
 * time, how the code and its suite came to be is as it was.
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
  return certify({
    goal,
    contract,
    suite,
    source: stored.source,
    verdicts,
    policy: {
      ...(isFirst ? {} : stored.certificate.policy),
      ...unaskedProofPolicy(config),
    },
    ...(evidence === undefined ? {} : { evidence: renewedEvidence(stored, evidence) }),
    analysis,
    models,
    ...(recordingLabel === undefined ? {} : { recordingLabel }),
    attempts,
    cost: isFirst ? unknownCost : stored.certificate.cost,
    ...(runId === undefined ? {} : { runId }),
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
