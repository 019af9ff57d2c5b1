import type { DeathReason, ExecutionLimits, ResourceUsage } from "./sandbox.ts";

export type LimitName = keyof ExecutionLimits;

/** Why a process had to end, before anybody says what it had used. */
export interface Death {
  readonly reason: DeathReason;
  readonly detail: string;
  /** The limit it passed, where one is known. */
  readonly limit?: LimitName;
  /** What is allowed instead, for a limit that no setting changes. */
  readonly allowed?: string;
}

/** What a person sets to change a limit, and its unit. */
const limitSettings: Readonly<Record<LimitName, { setting: string; unit: string }>> = {
  timeoutMs: { setting: "executionTimeoutMs", unit: "ms" },
  maxCpuMs: { setting: "maxCpuMs", unit: "ms" },
  maxMemoryBytes: { setting: "maxMemoryBytes", unit: "bytes" },
  maxOutputBytes: { setting: "maxOutputBytes", unit: "bytes" },
  maxMessageBytes: { setting: "maxMessageBytes", unit: "bytes" },
  maxFiles: { setting: "maxFiles", unit: "files" },
  maxFileBytes: { setting: "maxFileBytes", unit: "bytes" },
};

/** The limits a reason may mean, where whoever found it did not say which. */
const limitsOfReason: Readonly<Record<DeathReason, readonly LimitName[]>> = {
  timeout: ["timeoutMs", "maxCpuMs"],
  "out-of-memory": ["maxMemoryBytes"],
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
    return "0 processes, no setting changes it";
  }
  const names = death.limit === undefined ? limitsOfReason[death.reason] : [death.limit];
  return names
    .map((name) => {
      const { setting, unit } = limitSettings[name];
      return `${limits[name]} ${unit} (${setting})`;
    })
    .join(", ");
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
