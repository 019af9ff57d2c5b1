import { defaultCacheDirectory } from "../shared/cache-directory.ts";
import type { Language } from "../shared/json.ts";
import type { BackendName } from "./backend.ts";
import { backendsOf } from "./backends.ts";
import { openCandidate } from "./open-candidate.ts";
import { brokenProbes } from "./proven-sandbox.ts";
import type { ProbeFinding } from "./self-test.ts";

export interface BackendStatus {
  readonly name: BackendName;
  /** Absent when it is unusable here. */
  readonly runtime?: string;
  readonly state: "held" | "failed" | "unusable";
  /** Why it does not serve. */
  readonly reason?: string;
  /** What a person can do about it; several lines are commands to type. */
  readonly remedy?: string;
  /** ISO 8601. */
  readonly testedAt?: string;
  readonly findings?: readonly ProbeFinding[];
}

export interface SandboxStatus {
  readonly language: Language;
  /** The backend that serves; absent when none holds, or the one insisted on does not. */
  readonly chosen?: BackendName;
  /** Strongest first. */
  readonly backends: readonly BackendStatus[];
}

export interface SandboxStatusOptions {
  /** The one insisted on. */
  readonly backend?: BackendName;
  readonly cacheDirectory?: string;
  /** Tests all anew, whatever is kept. */
  readonly isAnew?: boolean;
}

/**
 * Says of every backend of a language whether it holds here. What was tested within the last day
 * (a failure: hour) is not tested again unless asked; no process stays behind.
 */
export async function sandboxStatus(
  language: Language,
  options: SandboxStatusOptions = {},
): Promise<SandboxStatus> {
  const cacheDirectory = options.cacheDirectory ?? defaultCacheDirectory();
  const backends: BackendStatus[] = [];
  for (const backend of backendsOf(language, cacheDirectory)) {
    const candidate = await openCandidate(backend, { cacheDirectory });
    backends.push(
      candidate.kind === "unusable"
        ? { name: backend.name, state: "unusable", ...candidate.why }
        : await testedStatus(candidate, options.isAnew ?? false),
    );
  }
  const { backend: insisted } = options;
  const chosen = backends.find(
    ({ name, state }) => state === "held" && (insisted === undefined || name === insisted),
  );
  return { language, ...(chosen === undefined ? {} : { chosen: chosen.name }), backends };
}

async function testedStatus(
  { name, sandbox }: Extract<Awaited<ReturnType<typeof openCandidate>>, { kind: "usable" }>,
  isAnew: boolean,
): Promise<BackendStatus> {
  try {
    const { report, testedAtMs } = await sandbox.test(isAnew);
    const { runtime } = sandbox;
    const testedAt = new Date(testedAtMs).toISOString();
    const tested = { name, runtime, testedAt, findings: report.findings };
    return report.passed
      ? { ...tested, state: "held" }
      : {
          ...tested,
          state: "failed",
          reason: `its self-test: ${brokenProbes(report)}`,
          remedy:
            "Test it again when the machine is idle; if it fails still, report what is shown.",
        };
  } finally {
    await sandbox.close();
  }
}
