import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AgentError } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { acquireLock, type Lock } from "../shared/lock.ts";
import type { Emit } from "./execute-run.ts";
import type { Parts } from "./parts.ts";

/**
 * Takes a skill's name for one run: until it is released no other run writes that skill, here or in
 * another process. Returns undefined after having waited for the run that held it, since the goal
 * may be met by now.
 *
 * @throws {AgentError} ABORTED when the wait was stopped.
 */
export async function claimSkill(
  parts: Parts,
  skill: string,
  signal: AbortSignal | undefined,
  emit: Emit,
): Promise<Lock | undefined> {
  const { runs } = await parts.workspace();
  // Beside the runs' own locks; no run's id has a dot.
  const path = join(runs, "locks", `skill.${skill}.lock`);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw fileError("Claiming a skill's name", path, error);
  }
  try {
    return await acquireLock(path, { waitMs: 0 });
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "LOCK_TIMEOUT") {
      throw error;
    }
  }
  const message = `Another run works on ${skill} now; this one waits for it to end.`;
  emit({ type: "warning-raised", message });
  const aborting = signal === undefined ? {} : { signal };
  const lock = await acquireLock(path, { waitMs: Number.POSITIVE_INFINITY, ...aborting });
  lock.release();
  return undefined;
}
