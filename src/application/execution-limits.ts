import type { Config } from "../config/schema.ts";
import { defaultLimits } from "../sandbox/limits.ts";
import type { ExecutionLimits } from "../sandbox/sandbox.ts";

/** The limits of one execution: the sandbox's own, with what the configuration sets. */
export function executionLimits(config: Config): ExecutionLimits {
  return {
    ...defaultLimits,
    timeoutMs: config.executionTimeoutMs,
    maxMemoryBytes: config.maxMemoryBytes,
    maxOutputBytes: config.maxOutputBytes,
  };
}
