import type { JsonValue } from "../shared/json.ts";
import type { FailureRecord, MemoryFile } from "./memory.ts";
import { refuseNewerSchema, type StoredMemory, toStoredMemory } from "./memory-format.ts";
import { failureKey } from "./memory-records.ts";
import { salvageRecords } from "./salvage.ts";

/**
 * What a damaged file's memory was, as far as it can be known: the backup, and over it every
 * record that the damaged text still holds, which is the newer one.
 *
 * @throws {AgentError} MEMORY_DAMAGED when a newer version of the program wrote the file.
 */
export function recoverMemory(
  damaged: Buffer,
  backup: StoredMemory | undefined,
  writtenAt: Date,
): StoredMemory {
  const salvaged = salvageRecords(damaged.toString("utf8"));
  refuseNewerSchema(salvaged.schemaVersion);
  const before = backup?.file;
  const merged = toStoredMemory(
    { version: Math.max(salvaged.version, before?.version ?? 0) },
    {
      skills: union(before?.skills ?? [], salvaged.skills, "name"),
      failures: [...(before?.failures ?? []), ...salvaged.failures].map(toJson),
      directives: union(before?.directives ?? [], salvaged.directives, "id"),
    },
    writtenAt,
  );
  return {
    file: { ...merged.file, failures: withoutCopies(merged.file.failures) },
    extra: { ...backup?.extra, ...merged.extra },
  };
}

/** Adds skills and directives that the memory has lost, by name and id; what it holds stays as it is. */
export function addLost(
  memory: StoredMemory,
  { skills, directives }: Pick<MemoryFile, "skills" | "directives">,
): StoredMemory {
  const { file } = memory;
  const names = new Set(file.skills.map(({ name }) => name));
  const ids = new Set(file.directives.map(({ id }) => id));
  return {
    ...memory,
    file: {
      ...file,
      skills: [...file.skills, ...skills.filter(({ name }) => !names.has(name))],
      directives: [...file.directives, ...directives.filter(({ id }) => !ids.has(id))],
    },
  };
}

/** Adds the failures that are not there, in the order of their times. */
export function addFailures(
  memory: StoredMemory,
  failures: readonly FailureRecord[],
): StoredMemory {
  const all = withoutCopies([...memory.file.failures, ...failures]);
  const inOrder = all.toSorted((one, other) =>
    one.timestamp < other.timestamp ? -1 : one.timestamp > other.timestamp ? 1 : 0,
  );
  return { ...memory, file: { ...memory.file, failures: inOrder } };
}

function withoutCopies(failures: readonly FailureRecord[]): FailureRecord[] {
  const byKey = new Map(failures.map((failure) => [failureKey(failure), failure]));
  return [...byKey.values()];
}

/** Records without the field are kept each for itself. */
function union(older: readonly object[], newer: readonly object[], field: string): JsonValue[] {
  const byKey = new Map<unknown, JsonValue>();
  for (const record of [...older, ...newer].map(toJson)) {
    const key = new Map(Object.entries(record)).get(field);
    byKey.set(typeof key === "string" && key !== "" ? key : Symbol("unnamed"), record);
  }
  return [...byKey.values()];
}

/** Records come from JSON and go back to it. */
function toJson(record: object): Record<string, JsonValue> {
  return { ...record };
}
