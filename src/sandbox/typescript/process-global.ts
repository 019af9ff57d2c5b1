import type { PrintedOutput } from "../runner/printed-output.ts";

/** Returns what is left of Node's `process` for a skill: nothing of the host's, and its output captured. */
export function createProcess(
  exit: (code: number) => never,
  printed: PrintedOutput,
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
    exit: (code?: number) => {
      printed.end();
      return exit(code ?? 0);
    },
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
      queueMicrotask(() => callback(...args)),
    uptime: () => performance.now() / 1_000,
  };
}
