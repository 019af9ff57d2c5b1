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

type TestedSetting = "flakeRuns" | "maxMutants" | "minMutationScore";
/** What a run asks of its model, and what tests the result. */
type RunPolicy = Required<Omit<ProofPolicy, "limits">>;

/** The settings that a proof without a model is made under, as its certificate tells them. */
export function proofPolicy(
  config: Config,
  { flakeRuns, maxMutants, minMutationScore }: Pick<RunPolicy, TestedSetting> = config,
): ProofPolicy {
  return { limits: executionLimits(config), flakeRuns, maxMutants, minMutationScore };
}

/** The same for a run, whose settings are those that it was started with. */
export function runPolicy(config: Config, settings: RunPolicy): ProofPolicy {
  const { maxIterations, suiteCases, sealedShare, candidates } = settings;
  const asked = { maxIterations, suiteCases, sealedShare, candidates };
  return { ...proofPolicy(config, settings), ...asked };
}
