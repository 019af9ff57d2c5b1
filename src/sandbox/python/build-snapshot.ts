import { AgentError } from "../../shared/errors.ts";
import { killProcessTree, startProcess } from "../../shared/process-tree.ts";
import type { CommandLine } from "../command-line.ts";

const timeoutMs = 180_000;
const maxSnapshotBytes = 256 * 1024 * 1024;

/**
 * Runs the builder in Deno, with the same rights as any sandbox, and returns what it writes.
 *
 * @throws {AgentError} SANDBOX_FAILED when it fails, takes 3 minutes, writes more than 256 MiB, or is
 *   aborted, which ends it at once.
 */
export async function runSnapshotBuilder(
  commandLine: CommandLine,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const child = startProcess(commandLine.command, commandLine.args, {
    env: commandLine.env,
    stdio: ["pipe", "pipe", "ignore", "pipe"],
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stop = (): void => void killProcessTree(child);
  const timer = setTimeout(stop, timeoutMs);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) {
    stop();
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
    child.once("error", () => resolve(null));
  });
  try {
    for await (const chunk of child.stdout ?? []) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxSnapshotBytes) {
        break;
      }
    }
    const code = bytes > maxSnapshotBytes ? null : await exited;
    if (code !== 0) {
      throw new AgentError(
        "SANDBOX_FAILED",
        `Building Python's snapshot: the builder ended with ${code}, 0 is wanted; ` +
          "starting without one is slower but works.",
        { blame: "environment", isRetryable: true },
      );
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    await killProcessTree(child);
    child.stdin?.destroy();
    for (const stream of child.stdio) {
      stream?.destroy();
    }
  }
}
