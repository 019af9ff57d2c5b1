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

/** The settings that a proof is made under, as its certificate tells them. */
export function proofPolicy(
  config: Config,
  settings: Pick<ProofPolicy, "maxIterations" | "suiteCases" | "sealedShare">,
): ProofPolicy {
  const { maxIterations, suiteCases, sealedShare } = settings;
  const given = { maxIterations, suiteCases, sealedShare };
  return { limits: executionLimits(config), ...JSON.parse(JSON.stringify(given)) };
}
