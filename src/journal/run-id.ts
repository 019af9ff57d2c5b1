import { randomInt } from "node:crypto";
import { basename, join } from "node:path";
import { AgentError } from "../shared/errors.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const runIdPattern = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/**
 * A name for a run: its time in UTC, then eight random characters. Sorts by time, and is a safe
 * file name everywhere, also where names differing in case are one.
 */
export function newRunId(now: Date): string {
  const time = now
    .toISOString()
    .replace(/[-:.Z]/g, "")
    .replace("T", "-");
  let random = "";
  for (let index = 0; index < 8; index += 1) random += alphabet[randomInt(alphabet.length)];
  return `${time}-${random}`;
}

/** True for what can name a run. */
export function isRunId(text: string): boolean {
  return runIdPattern.test(text);
}

/**
 * Returns the path of a run's journal; the id may come from a user.
 *
 * @throws {AgentError} USAGE when the id could name another file.
 */
export function journalPath(runsDirectory: string, runId: string): string {
  if (!isRunId(runId)) {
    throw new AgentError(
      "USAGE",
      `Finding a run: ${JSON.stringify(runId.slice(0, 120))} is no run's id; an id has lower-case letters, digits, "-" and "_" only; copy one from the list of runs.`,
      { blame: "caller" },
    );
  }
  return join(runsDirectory, `${runId}.jsonl`);
}

/** @throws {AgentError} USAGE as `journalPath` does. */
export function lockPath(runsDirectory: string, runId: string): string {
  const journal = basename(journalPath(runsDirectory, runId), ".jsonl");
  return join(runsDirectory, "locks", `${journal}.lock`);
}
