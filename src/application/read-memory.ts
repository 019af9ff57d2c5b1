import type { DirectiveRecord, MemoryFile } from "../memory/memory.ts";
import { statusNow } from "./list-runs.ts";
import type { Parts } from "./parts.ts";

/**
 * The memory, each skill with the status that its files give it: the one that memory.json keeps is a
 * copy for readers, and does not know of a file that was edited since. Nor does it know of a process
 * that was killed: its directive is `pending`.
 */
export async function readMemory(parts: Parts): Promise<MemoryFile> {
  const { runs } = await parts.workspace();
  const memory = await (await parts.memory()).read();
  const skills = await (await parts.skills()).list();
  const statuses = new Map(skills.map(({ name, language, status }) => [name + language, status]));
  const directives: DirectiveRecord[] = [];
  for (const record of memory.directives) {
    const status = await statusNow(runs, record.run_id, record.status);
    directives.push({ ...record, status });
  }
  return {
    ...memory,
    directives,
    skills: memory.skills.map((record) => ({
      ...record,
      status: statuses.get(record.name + record.language) ?? record.status,
    })),
  };
}
