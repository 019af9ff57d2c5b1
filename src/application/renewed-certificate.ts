import type { Config } from "../config/schema.ts";
import type { StoredProof } from "../skills/library.ts";
import type { ProofCost, UnsignedCertificate } from "../verify/certificate.ts";
import { certify } from "../verify/certify.ts";
import { unaskedProofPolicy } from "./execution-limits.ts";
import type { Reproof } from "./reprove.ts";

/** Version 1 did not say. */
const unknownCost: ProofCost = { modelCalls: 0, promptTokens: 0, outputTokens: 0, durationMs: 0 };

/**
 * The certificate of a proof that was run again here: proofs, evidence and limits are those of this
 * time, how the code came to be is as it was.
 */
export function renewedCertificate(
  config: Config,
  stored: Extract<StoredProof, { kind: "first" | "read" }>,
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
    ...(evidence === undefined ? {} : { evidence }),
    analysis,
    models,
    ...(recordingLabel === undefined ? {} : { recordingLabel }),
    attempts,
    cost: isFirst ? unknownCost : stored.certificate.cost,
    ...(runId === undefined ? {} : { runId }),
    issuedAt: at.toISOString(),
  });
}
