import type { PrintedOutput } from "../runner/printed-output.ts";
import type { ExitCode } from "./exit-code.ts";

/** Returns what is left of Node's `process` for a skill: nothing of the host's, and its output captured. */
export function createProcess(
  exit: (code?: number) => never,
  printed: PrintedOutput,
  exitCode: ExitCode,
): Readonly<Record<string, unknown>> {
  const stream = {
    isTTY: false,
    write: (text: unknown) => {
      printed.write(String(text));
      return true;
    },
  };
  return {
    argv: [],
    env: {},
    platform: "linux",
    stdout: stream,
    stderr: stream,
    cwd: () => "/work",
    exit,
    get exitCode() {
      return exitCode.get();
    },
    set exitCode(code: unknown) {
      exitCode.set(code);
    },
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
      queueMicrotask(() => callback(...args)),
    uptime: () => performance.now() / 1_000,
  };
}
