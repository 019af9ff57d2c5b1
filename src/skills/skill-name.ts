import { AgentError } from "../shared/errors.ts";
import { reservedNames } from "../shared/reserved-names.ts";

const maxSkillNameLength = 80;
const plainName = /^[a-z_][a-z0-9_]{0,79}$/;

/** True for a name that can stand in the library: an identifier and a file name everywhere. */
export function isSkillName(name: string): boolean {
  return plainName.test(name) && !reservedNames.has(name);
}

/** @throws {AgentError} SKILL_NAME_INVALID for anything but a plain lower-case identifier. */
export function checkSkillName(name: string): void {
  if (!isSkillName(name)) {
    const problem = plainName.test(name)
      ? "is a word that Python, TypeScript or Windows keeps for itself"
      : `is no plain name of at most ${maxSkillNameLength} lower-case letters, digits and _, not beginning with a digit`;
    throw nameInvalid(`${shownName(name)} ${problem}`);
  }
}

/** The error for a name that cannot be used; `problem` says what is, the rest what to do. */
export function nameInvalid(problem: string): AgentError {
  return new AgentError(
    "SKILL_NAME_INVALID",
    `Naming a skill: ${problem}; give another name with --name, json_validator say.`,
    { blame: "caller" },
  );
}

export function shownName(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

/** `name`, `name_2`, `name_3`, …: never longer than a skill's name may be. */
export function numberedName(name: string, number: number): string {
  const suffix = number === 1 ? "" : `_${number}`;
  return `${name.slice(0, maxSkillNameLength - suffix.length)}${suffix}`;
}
