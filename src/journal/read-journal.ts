import { readFile } from "node:fs/promises";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import type { JournalDamage, JournalEntry } from "./journal.ts";
import { parseJournal } from "./journal-lines.ts";

/**
 * Returns the entries up to the first broken line. A line cut off by a crash is ordinary and silent;
 * `onDamage` is told of anything broken, that included.
 *
 * @throws {AgentError} RUN_NOT_FOUND when there is no such file.
 */
export async function readJournal(
  path: string,
  onDamage?: (damage: JournalDamage) => void,
): Promise<JournalEntry[]> {
  const parsed = parseJournal(await readJournalBytes(path));
  if (parsed.damage !== undefined) onDamage?.(parsed.damage);
  return [...parsed.entries];
}

async function readJournalBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw fileError("Reading a journal", path, error);
    throw new AgentError(
      "RUN_NOT_FOUND",
      `Reading a journal: ${path} does not exist; the journal of a run is wanted; list the runs to see which are kept.`,
      { blame: "caller", cause: error },
    );
  }
}
