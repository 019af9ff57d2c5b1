import { entryProblem } from "./entry-shapes.ts";
import type { JournalDamage, JournalEntry } from "./journal.ts";
import type { JournalSeal } from "./journal-seal.ts";

export interface ParsedJournal {
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last whole entry. */
  readonly goodBytes: number;
  /** True when the last entry is whole but lacks its line feed. */
  readonly lacksLineFeed: boolean;
  readonly damage?: JournalDamage;
}

const foreignLine = "it is not as this installation wrote it";

/** One line, `type` and `at` first, so that a reader can tell an entry from its first bytes. */
export function journalLine(entry: JournalEntry): string {
  const { type, at, ...rest } = entry;
  return `${JSON.stringify({ type, at, ...rest })}\n`;
}

/**
 * Reads up to the first broken line; what follows it is counted as damage, never guessed at. With a seal,
 * a line that this installation did not write so is a broken one.
 */
export function parseJournal(bytes: Buffer, seal?: JournalSeal): ParsedJournal {
  const entries: JournalEntry[] = [];
  let start = 0;
  let lacksLineFeed = false;
  for (let line = 1; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(10, start);
    const end = feed === -1 ? bytes.length : feed;
    const parsed = parseEntry(bytes.toString("utf8", start, end), seal);
    if ("problem" in parsed) {
      const { problem: reason } = parsed;
      // A crash leaves half a line, never a whole one that is wrong.
      const isTail = reason !== foreignLine && !hasTextAfter(bytes, end + 1);
      const damage = { kind: isTail ? "tail" : "middle", line, reason } as const;
      return { entries, goodBytes: start, lacksLineFeed, damage };
    }
    entries.push(parsed.entry);
    lacksLineFeed = feed === -1;
    start = lacksLineFeed ? end : end + 1;
  }
  return { entries, goodBytes: start, lacksLineFeed };
}

function hasTextAfter(bytes: Buffer, from: number): boolean {
  return bytes.subarray(from).some((byte) => byte !== 10 && byte !== 13 && byte !== 0);
}

function parseEntry(
  text: string,
  seal?: JournalSeal,
): { entry: JournalEntry } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const problem = entryProblem(value);
  if (problem !== undefined) return { problem };
  if (seal?.accept(text) === false) return { problem: foreignLine };
  // Nobody else has a use for it, and a copy of the entry would carry it elsewhere.
  const { seal: _seal, ...entry } = value as JournalEntry & { seal?: unknown };
  return { entry };
}
