import { AgentError } from "../shared/errors.ts";
import type { JournalEntry } from "./journal.ts";

const knownVersion = 1;

/**
 * A journal of another version may mean other things by the same words, so nothing of it is used.
 *
 * @param action what is done with it, for the error: `Resuming run x`.
 * @throws {AgentError} JOURNAL_DAMAGED naming both versions; the file is left as it is.
 */
export function requireKnownVersion(entries: readonly JournalEntry[], action: string): void {
  const started = entries.find((entry) => entry.type === "run-started");
  if (started === undefined || started.schemaVersion === knownVersion) return;
  const found = JSON.stringify(started.schemaVersion) ?? "none";
  throw new AgentError(
    "JOURNAL_DAMAGED",
    `${action}: its journal is of version ${found}, version ${knownVersion} is wanted; use the version of Autodidact that wrote it, or give the goal to a new run.`,
    { blame: "environment" },
  );
}
