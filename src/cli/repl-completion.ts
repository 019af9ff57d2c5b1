import type { Application } from "../application/application.ts";
import type { Completion } from "./line-reader.ts";
import { replCommands } from "./repl-command-list.ts";

/** Returns what the line could go on with, and the part of it that would be replaced. */
export function completeLine(
  line: string,
  application: Pick<Application, "listSkills">,
): Completion | Promise<Completion> {
  const match = /^(:\w+)\s+(\S*)$/.exec(line);
  if (match === null) {
    const names = replCommands.map(({ name }) => `:${name} `);
    return [names.filter((name) => name.startsWith(line)), line];
  }
  const [, command = "", part = ""] = match;
  if (![":use", ":show", ":verify"].includes(command)) {
    return [[], line];
  }
  return completeSkill(part, application);
}

async function completeSkill(
  part: string,
  application: Pick<Application, "listSkills">,
): Promise<Completion> {
  const skills = await application.listSkills();
  return [skills.map(({ name }) => `${name} `).filter((name) => name.startsWith(part)), part];
}
