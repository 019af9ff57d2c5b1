import type { MemoryFile } from "../memory/memory.ts";
import type { Parts } from "./parts.ts";

/**
 * The memory, each skill with the status that its files give it: the one that memory.json keeps is a
 * copy for readers, and does not know of a file that was edited since.
 */
export async function readMemory(parts: Parts): Promise<MemoryFile> {
  await parts.workspace();
  const memory = await (await parts.memory()).read();
  const skills = await (await parts.skills()).list();
  const statuses = new Map(skills.map(({ name, language, status }) => [name + language, status]));
  return {
    ...memory,
    skills: memory.skills.map((record) => ({
      ...record,
      status: statuses.get(record.name + record.language) ?? record.status,
    })),
  };
}
