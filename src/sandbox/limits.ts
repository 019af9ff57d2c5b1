import type { ExecutionLimits } from "./sandbox.ts";

const mebibyte = 1024 * 1024;

/**
 * What a run gets when nobody says otherwise. `maxFiles` and `maxFileBytes` count the whole work
 * folder: the number of its files, and their bytes together.
 */
export const defaultLimits: ExecutionLimits = {
  timeoutMs: 15_000,
  maxCpuMs: 20_000,
  maxMemoryBytes: 1024 * mebibyte,
  maxOutputBytes: mebibyte,
  maxMessageBytes: mebibyte,
  maxFiles: 64,
  maxFileBytes: 16 * mebibyte,
};

/** What one skill may consist of beside its main file. */
export const maxProgramFiles = { maxFiles: 1_000, maxFileBytes: 8 * mebibyte };
