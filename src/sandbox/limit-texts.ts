import { nativePythonPolicy } from "./native/native-policy.ts";
import { typescriptPolicy } from "./policy.ts";
import type { FixedLimitName } from "./protocol.ts";
import type { DeathReason, ExecutionLimits, ResourceUsage } from "./sandbox.ts";

export type LimitName = keyof ExecutionLimits | FixedLimitName;

/** Why a process had to end, before anybody says what it had used. */
export interface Death {
  readonly reason: DeathReason;
  readonly detail: string;
  /** The limit it passed, where one is known. */
  readonly limit?: LimitName;
  /** Those it may have passed, where none is known; default: all of its reason. */
  readonly mayBeMet?: readonly LimitName[];
  /** What is allowed instead, for a limit that no setting changes. */
  readonly allowed?: string;
  /** With which the process ended by itself, before it answered. */
  readonly exitCode?: number;
}

/** The death of a process whose watch saw it pass a limit, during a call or between two. */
export function excessDeath(limit: "maxCpuMs" | "maxMemoryBytes", when = ""): Death {
  return limit === "maxCpuMs"
    ? { reason: "timeout", detail: `it used too much processor time${when}`, limit }
    : { reason: "out-of-memory", detail: `it held too much memory${when}`, limit };
}

/** What a person sets to change a limit, and its unit. */
const limitSettings: Readonly<Record<keyof ExecutionLimits, { setting: string; unit: string }>> = {
  timeoutMs: { setting: "executionTimeoutMs", unit: "ms" },
  maxCpuMs: { setting: "maxCpuMs", unit: "ms" },
  maxMemoryBytes: { setting: "maxMemoryBytes", unit: "bytes" },
  maxOutputBytes: { setting: "maxOutputBytes", unit: "bytes" },
  maxMessageBytes: { setting: "maxMessageBytes", unit: "bytes" },
  maxFiles: { setting: "maxFiles", unit: "files" },
  maxFileBytes: { setting: "maxFileBytes", unit: "bytes" },
};

const pageKibibytes = 64;

/** Bounds of memory beneath `maxMemoryBytes`, the same for everybody. */
const fixedLimits: Readonly<Record<FixedLimitName, { mebibytes: number; what: string }>> = {
  addressSpace: {
    mebibytes: nativePythonPolicy.maxAddressSpaceMebibytes,
    what: "address space of the system's Python",
  },
  heap: { mebibytes: typescriptPolicy.maxHeapMebibytes, what: "heap of Deno" },
  wasmMemory: {
    mebibytes: (typescriptPolicy.maxWasmPages * pageKibibytes) / 1024,
    what: "WebAssembly memory",
  },
};

/** The limits a reason may mean, where whoever found it did not say which. */
const limitsOfReason: Readonly<Record<DeathReason, readonly LimitName[]>> = {
  timeout: ["timeoutMs", "maxCpuMs"],
  "out-of-memory": ["maxMemoryBytes", "heap", "wasmMemory", "addressSpace"],
  "output-limit": ["maxOutputBytes", "maxMessageBytes"],
  "file-limit": ["maxFiles", "maxFileBytes"],
  "process-limit": [],
  "protocol-error": [],
  crashed: [],
};

export interface Used {
  readonly elapsedMs: number;
  readonly usage: ResourceUsage | undefined;
}

/**
 * Returns a death in words: what happened, what is allowed with the setting that changes it, and what
 * was used. The amounts used are rounded to two digits: the same failure should read the same.
 */
export function describeDeath(death: Death, limits: ExecutionLimits, used?: Used): string {
  const allowed = death.allowed ?? allowedText(death, limits);
  return [
    death.detail,
    ...(allowed === "" ? [] : [`allowed: ${allowed}`]),
    ...(used === undefined ? [] : [`used: ${usedText(used)}`]),
  ].join("; ");
}

function allowedText(death: Death, limits: ExecutionLimits): string {
  if (death.reason === "process-limit") {
    return "0 processes, 0 threads, no setting changes it";
  }
  const names =
    death.limit === undefined
      ? (death.mayBeMet ?? limitsOfReason[death.reason])
      : metLimits(death.limit, limits);
  return names.map((name) => limitText(name, limits)).join(", ");
}

/** With a fixed limit the setting too where that allows less: whoever watches it came too late. */
function metLimits(met: LimitName, limits: ExecutionLimits): readonly LimitName[] {
  const isFixed = met === "addressSpace" || met === "heap" || met === "wasmMemory";
  return isFixed && limits.maxMemoryBytes < fixedLimits[met].mebibytes * 1024 * 1024
    ? [met, "maxMemoryBytes"]
    : [met];
}

function limitText(name: LimitName, limits: ExecutionLimits): string {
  if (name === "addressSpace" || name === "heap" || name === "wasmMemory") {
    const { mebibytes, what } = fixedLimits[name];
    return `${mebibytes} MiB of ${what} (no setting changes it)`;
  }
  const { setting, unit } = limitSettings[name];
  return `${limits[name]} ${unit} (${setting})`;
}

function usedText({ elapsedMs, usage }: Used): string {
  const elapsed = `${twoDigits(elapsedMs)} ms`;
  return usage === undefined
    ? elapsed
    : `${elapsed}, ${twoDigits(usage.cpuMs)} ms CPU, ${twoDigits(usage.peakMemoryBytes / 1024 / 1024)} MiB memory at its peak`;
}

function twoDigits(amount: number): number {
  return Number(amount.toPrecision(2));
}
