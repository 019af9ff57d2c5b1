import type { Language } from "../shared/json.ts";
import { unlessAborted } from "./aborted.ts";
import type { BackendName, Launcher } from "./backend.ts";
import { RunnerProcess } from "./runner-process.ts";
import { startSubject } from "./runner-subject.ts";
import type { Sandbox } from "./sandbox.ts";
import { WarmProcesses } from "./warm-processes.ts";

export interface PoolSize {
  /** Ready processes to keep once `warm()` was called. Default: 1. */
  readonly warmProcesses?: number;
  /** How long unused ones are kept. Default: a minute. */
  readonly warmIdleMs?: number;
}

/**
 * Returns the sandbox whose processes a launcher starts; starts nothing yet. Needs nothing of the
 * disk but what the launcher keeps in its cache: no file of a skill is ever written there.
 */
export function launchedSandbox(
  language: Language,
  backend: BackendName,
  launcher: Launcher,
  pool: PoolSize = {},
): Sandbox {
  const launch = async (): Promise<RunnerProcess> => {
    const runner = new RunnerProcess(await launcher.commandLine(), {
      memoryLimits: launcher.memoryLimits ?? [],
    });
    runner.onReady((startedFrom) => {
      if (startedFrom === "plain") {
        launcher.onStartedPlainly?.();
      }
    });
    return runner;
  };
  const processes = new WarmProcesses(launch, {
    count: pool.warmProcesses ?? 1,
    idleMs: pool.warmIdleMs ?? 60_000,
  });
  return {
    language,
    backend,
    runtime: launcher.runtime,
    start: async (program, limits, signal, onPrinted) => {
      const runner = await unlessAborted(processes.take(signal), signal);
      return await startSubject(runner, program, limits, signal, onPrinted);
    },
    warm: () => processes.warm(),
    close: async () => {
      launcher.stop?.();
      await processes.close();
    },
  };
}
