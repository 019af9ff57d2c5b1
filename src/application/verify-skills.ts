import { AgentError } from "../shared/errors.ts";
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
  for (const name of names ?? []) {
    // A misspelt name stops everything before it costs anything.
    await skills.get(name);
  }
  const found: SkillVerification[] = [];
  for (const name of new Set(names ?? (await claimed(parts, skills)))) {
    found.push(await verifyReadable(parts, name, options));
  }
  return found;
}

/** One whose files cannot be read safely must not keep the others from being looked at. */
async function verifyReadable(
  parts: Parts,
  name: string,
  options: VerifyOptions,
): Promise<SkillVerification> {
  try {
    return await verifySkill(parts, name, options);
  } catch (error) {
    if (!isLinked(error)) {
      throw error;
    }
    const check = { part: "code", state: "fails", detail: error.message } as const;
    options.onCheck?.(name, check);
    const nothing = { status: "untested", holds: false, outcome: "unchanged" } as const;
    return { skill: name, ...nothing, checks: [check], stepsOff: [] };
  }
}

function isLinked(error: unknown): error is AgentError {
  return error instanceof AgentError && error.code === "PATH_OUTSIDE_WORKSPACE";
}

/** The skills that somebody says are proven: a certificate does, or memory. */
async function claimed(parts: Parts, skills: SkillLibrary): Promise<string[]> {
  const memory = await (await parts.memory()).read();
  const said = new Set(
    memory.skills.filter(({ status }) => status === "working").map(({ name }) => name),
  );
  const names: string[] = [];
  for (const { name } of await skills.list()) {
    if (said.has(name) || (await saysItIsProven(skills, name))) {
      names.push(name);
    }
  }
  return names;
}

async function saysItIsProven(skills: SkillLibrary, name: string): Promise<boolean> {
  try {
    const stored = await skills.storedProof(name);
    const isUnproven = stored.kind === "read" && stored.certificate.strength === "unproven";
    return stored.kind !== "none" && !isUnproven;
  } catch (error) {
    if (isLinked(error)) {
      return true;
    }
    throw error;
  }
}
