import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { count } from "../run-memory.ts";
import { safeLine, shorten } from "../safe-text.ts";
import type { Session } from "../session.ts";
import { statusIcons } from "./runs.ts";
import { skillIcons } from "./skills.ts";

const newestShown = 10;

/** Shows what memory.json holds: everything with `--json`, else the newest of each kind. */
export async function showMemory(session: Session): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  const memory = await application.readMemory();
  screen.emit(memory);
  const { skills, failures, directives } = memory;
  screen.print(
    `Memory (version ${memory.version}): ${count(skills.length, "skill")}, ${count(failures.length, "failure")}, ${count(directives.length, "directive")}`,
    ...section("Skills", skills, (skill) => [
      `${skillIcons[skill.status]} ${safeLine(skill.name)} (${skill.status}): ${shorten(safeLine(skill.description), 160)}`,
    ]),
    ...section("Failures", failures, (failure) => [
      `❌ ${safeLine(failure.timestamp)} ${safeLine(failure.skill)}, attempt ${failure.attempt}`,
      `   ${shorten(safeLine(failure.error), 300)}`,
    ]),
    ...section("Directives", directives, (directive) => [
      `${statusIcons[directive.status]} ${shorten(safeLine(directive.goal), 160)} (${directive.status})`,
    ]),
  );
  return exitCodes.ok;
}

function section<T>(
  title: string,
  records: readonly T[],
  describe: (record: T) => readonly string[],
): string[] {
  if (records.length === 0) {
    return [];
  }
  const hidden = records.length - newestShown;
  const more = hidden > 0 ? [`  … and ${hidden} older; --json shows all`] : [];
  const lines = records.slice(-newestShown).toReversed().flatMap(describe);
  return [`${title}:`, ...lines.map((line) => `  ${line}`), ...more];
}
