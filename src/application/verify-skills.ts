import type { SkillLibrary } from "../skills/library.ts";
import type { SkillVerification, VerifyOptions } from "./application.ts";
import type { Parts } from "./parts.ts";
import { verifySkill } from "./verify-skill.ts";

/** Runs proofs again, without a model; see `Application.verifySkills`. */
export async function verifySkills(
  parts: Parts,
  names: readonly string[] | undefined,
  options: VerifyOptions,
): Promise<SkillVerification[]> {
  await parts.workspace();
  const skills = await parts.skills();
  const wanted = names ?? (await claimed(parts, skills));
  for (const name of wanted) {
    // A misspelt name stops everything before it costs anything.
    await skills.get(name);
  }
  const found: SkillVerification[] = [];
  for (const name of new Set(wanted)) {
    found.push(await verifySkill(parts, name, options));
  }
  return found;
}

/** The skills that somebody says are proven: a certificate does, or memory. */
async function claimed(parts: Parts, skills: SkillLibrary): Promise<string[]> {
  const memory = await (await parts.memory()).read();
  const said = new Set(
    memory.skills.filter(({ status }) => status === "working").map(({ name }) => name),
  );
  const names: string[] = [];
  for (const { name } of await skills.list()) {
    const stored = await skills.storedProof(name);
    const isUnproven = stored.kind === "read" && stored.certificate.strength === "unproven";
    if (said.has(name) || (stored.kind !== "none" && !isUnproven)) {
      names.push(name);
    }
  }
  return names;
}
