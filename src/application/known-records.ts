import { listJournals } from "../journal/list-journals.ts";
import type { DirectiveRecord, MemoryFile, SkillRecord } from "../memory/memory.ts";
import { SkillFiles } from "../skills/skill-files.ts";
import { readCertificate } from "../verify/certificate-reader.ts";

/**
 * What certificates and journals tell of a workspace's skills and directives: enough to make a memory
 * anew whose file and backup were both damaged.
 */
export async function knownRecords(
  root: string,
  runs: string,
): Promise<Pick<MemoryFile, "skills" | "directives">> {
  return {
    skills: await certifiedSkills(new SkillFiles(root)),
    directives: await directives(runs),
  };
}

/** `untested` all of them: whoever asks the library hears what certificate and bytes are worth. */
async function certifiedSkills(files: SkillFiles): Promise<SkillRecord[]> {
  const skills: SkillRecord[] = [];
  for (const { name, language } of await files.listSources()) {
    const bytes = await files.readCertificate(name);
    const reading = typeof bytes === "string" ? undefined : readCertificate(bytes);
    if (reading === undefined || reading.kind === "unreadable") {
      continue;
    }
    const { certificate } = reading;
    const { contract, goal, skill } = certificate;
    const at =
      reading.kind === "read" ? reading.certificate.issuedAt : reading.certificate.admittedAt;
    if (skill === name && contract.language === language) {
      const { description } = contract;
      const times = { created_at: at, updated_at: at };
      skills.push({ name, status: "untested", description, goal, language, ...times });
    }
  }
  return skills;
}

async function directives(runs: string): Promise<DirectiveRecord[]> {
  const journals = await listJournals(runs);
  return journals.toReversed().map(({ runId, goal, skill, status, startedAt, finishedAt }) => ({
    ...{ id: runId, run_id: runId, goal, skill, status },
    ...{ created_at: startedAt, updated_at: finishedAt ?? startedAt },
  }));
}
