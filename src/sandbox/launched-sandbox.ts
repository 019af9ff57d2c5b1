import type { Language } from "../shared/json.ts";
import type { BackendName, Launcher } from "./backend.ts";
import { aborted } from "./exchange.ts";
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
    const runner = new RunnerProcess(await launcher.commandLine());
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
      const runner = await takeUnlessAborted(processes, signal);
      return await startSubject(runner, program, limits, signal, onPrinted);
    },
    warm: () => processes.warm(),
    close: () => processes.close(),
  };
}

/** An abort does not wait for a process that may take seconds to start; that one is thrown away. */
async function takeUnlessAborted(
  processes: WarmProcesses<RunnerProcess>,
  signal: AbortSignal | undefined,
): Promise<RunnerProcess> {
  if (signal === undefined) {
    return await processes.take();
  }
  const gone = Promise.withResolvers<never>();
  const onAbort = (): void => gone.reject(aborted(signal));
  if (signal.aborted) {
    throw aborted(signal);
  }
  signal.addEventListener("abort", onAbort, { once: true });
  const taking = processes.take();
  try {
    return await Promise.race([taking, gone.promise]);
  } catch (error) {
    taking.then(
      (runner) => runner.kill(),
      () => undefined,
    );
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
