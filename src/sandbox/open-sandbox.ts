import { defaultCacheDirectory } from "../shared/cache-directory.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import { unlessAborted } from "./aborted.ts";
import type { Backend, BackendName } from "./backend.ts";
import { backendsOf } from "./backends.ts";
import { openCandidate } from "./open-candidate.ts";
import { brokenProbes, type ProvenSandbox } from "./proven-sandbox.ts";
import type { Sandbox } from "./sandbox.ts";
import type { KeptSelfTest } from "./self-test-cache.ts";

export interface OpenSandboxOptions {
  /** This one or none; default: the strongest whose self-test held. */
  readonly backend?: BackendName;
  /** Only backends of the runtime that every proof is made on. */
  readonly referenceOnly?: boolean;
  /** Holds Python's memory snapshot and the self-tests' results; default: the user's cache folder. */
  readonly cacheDirectory?: string;
  /** Ready processes to keep once `warm()` was called; a Python one holds some 200 MB. Default: 1. */
  readonly warmProcesses?: number;
  /** Idle ready processes are ended after this and come back when they are asked for. Default: 60 s. */
  readonly warmIdleMs?: number;
  /** Ends the opening: what is being started, built or tested is killed. */
  readonly signal?: AbortSignal;
}

/** What kept a backend from serving; `isKept` when an earlier self-test said so. */
interface Refusal {
  readonly name: BackendName;
  readonly reason: string;
  readonly isKept: boolean;
}

/**
 * Returns the strongest sandbox of a language that this machine has and whose self-test held, now or
 * within the last day; or the named one. Never a weaker one than was asked for.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when none holds, with the reason and the remedy of each;
 *   ABORTED on abort, once nothing of it runs any more.
 */
export async function openSandbox(
  language: Language,
  options: OpenSandboxOptions = {},
): Promise<Sandbox> {
  const cacheDirectory = options.cacheDirectory ?? defaultCacheDirectory();
  const backends = backendsOf(language, cacheDirectory).filter(wanted(options));
  const found = await strongest(backends, { ...options, cacheDirectory }, false);
  if (!Array.isArray(found)) {
    return found;
  }
  // A failure is kept so that starting is not slow; before giving up it is looked at once more.
  const again = found.some(({ isKept }) => isKept)
    ? await strongest(backends, { ...options, cacheDirectory }, true)
    : found;
  if (!Array.isArray(again)) {
    return again;
  }
  throw unavailable(language, again);
}

function wanted(options: OpenSandboxOptions): (backend: Backend) => boolean {
  return ({ name, language }) =>
    (options.backend === undefined || name === options.backend) &&
    // CPython in bubblewrap is the one runtime that no proof refers to.
    !(options.referenceOnly === true && language === "python" && name === "bubblewrap");
}

/** The first that holds, or why none does. */
async function strongest(
  backends: readonly Backend[],
  options: OpenSandboxOptions & { readonly cacheDirectory: string },
  isAnew: boolean,
): Promise<Sandbox | Refusal[]> {
  const refusals: Refusal[] = [];
  for (const backend of backends) {
    const { name } = backend;
    const candidate = await unlessAborted(openCandidate(backend, options), options.signal);
    if (candidate.kind === "unusable") {
      const { reason, remedy } = candidate.why;
      refusals.push({ name, reason: `${reason}; ${remedy}`, isKept: false });
      continue;
    }
    const startedMs = Date.now();
    const { report, testedAtMs } = await testOrClose(candidate.sandbox, isAnew, options.signal);
    if (report.passed) {
      return candidate.sandbox;
    }
    await candidate.sandbox.close();
    const reason = `its self-test failed: ${brokenProbes(report)}`;
    refusals.push({ name, reason, isKept: testedAtMs < startedMs });
  }
  return refusals;
}

/** What an abort leaves, a process that is starting say, is ended before anybody hears of it. */
async function testOrClose(
  sandbox: ProvenSandbox,
  isAnew: boolean,
  signal: AbortSignal | undefined,
): Promise<KeptSelfTest> {
  try {
    return await unlessAborted(sandbox.test(isAnew, signal), signal);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function unavailable(language: Language, refusals: readonly Refusal[]): AgentError {
  const reasons = refusals.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Opening a sandbox for ${language}: ${refusals.length === 1 ? "it does not hold" : "none holds"} (${reasons}), one is wanted; ` +
      "run autodidact sandbox status; nothing is executed meanwhile.",
    { blame: "environment" },
  );
}
