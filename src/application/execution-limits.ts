import type { Config } from "../config/schema.ts";
import type { ExecutionLimits } from "../sandbox/sandbox.ts";
import type { ProofPolicy } from "../verify/certificate.ts";

/** The limits of one execution, as the configuration sets them. */
export function executionLimits(config: Config): ExecutionLimits {
  return {
    timeoutMs: config.executionTimeoutMs,
    maxCpuMs: config.maxCpuMs,
    maxMemoryBytes: config.maxMemoryBytes,
    maxOutputBytes: config.maxOutputBytes,
    maxMessageBytes: config.maxMessageBytes,
    maxFiles: config.maxFiles,
    maxFileBytes: config.maxFileBytes,
  };
}

/** The settings that a run's proof is made under, as its certificate tells them. */
export function proofPolicy(config: Config, settings: Omit<ProofPolicy, "limits">): ProofPolicy {
  const { maxIterations, suiteCases, sealedShare, candidates } = settings;
  const { flakeRuns, maxMutants, minMutationScore } = settings;
  const asked = { maxIterations, suiteCases, sealedShare, candidates };
  const tested = { flakeRuns, maxMutants, minMutationScore };
  return {
    limits: executionLimits(config),
    ...JSON.parse(JSON.stringify({ ...asked, ...tested })),
  };
}

/** The same for a proof that asks no model. */
export function unaskedProofPolicy(config: Config): ProofPolicy {
  const { flakeRuns, maxMutants, minMutationScore } = config;
  return { limits: executionLimits(config), flakeRuns, maxMutants, minMutationScore };
}
