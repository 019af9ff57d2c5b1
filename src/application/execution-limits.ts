import type { Config } from "../config/schema.ts";
import type { ExecutionLimits } from "../sandbox/sandbox.ts";

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
