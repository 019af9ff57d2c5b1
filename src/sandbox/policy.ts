import type { Language } from "../shared/json.ts";

/**
 * What a sandboxed process may do, as data: nothing but what stands here, and no field of it can
 * grant network, writing, processes, environment or system information.
 */
export interface SandboxPolicy {
  readonly language: Language;
  /** Files and folders the runner itself must read before it sees skill code; it drops the right then. */
  readonly readPaths: readonly string[];
  /** The runner locks itself with seccomp before it sees skill code, or does not start. */
  readonly isLocked: boolean;
  readonly maxHeapMebibytes: number;
  /** Pages of 64 KiB. */
  readonly maxWasmPages: number;
  /** Private writable memory, enforced by the kernel (Linux only). */
  readonly maxDataMebibytes: number;
  readonly maxCpuSeconds: number;
  readonly maxOpenFiles: number;
}

const shared = {
  isLocked: false,
  maxHeapMebibytes: 256,
  maxWasmPages: 8_192,
  // The last resort beneath the wall clock: the longest timeout that can be configured, and a start.
  maxCpuSeconds: 660,
  maxOpenFiles: 256,
};

/** Never lower than what V8 needs; measured in the sandbox's trials, address space is not limited. */
export const typescriptPolicy: SandboxPolicy = {
  language: "typescript",
  readPaths: [],
  maxDataMebibytes: 1_200,
  ...shared,
};

/** Returns the policy for Python, whose runner reads Pyodide's folder and the snapshot. */
export function pythonPolicy(readPaths: readonly string[]): SandboxPolicy {
  return { language: "python", readPaths, maxDataMebibytes: 1_500, ...shared };
}
