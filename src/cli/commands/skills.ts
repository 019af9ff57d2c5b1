import type { SkillStatus } from "../../shared/events.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { safeLine, shorten } from "../safe-text.ts";
import type { Session } from "../session.ts";

/** All of one width on every terminal, which ⚠️ is not. */
export const skillIcons: Record<SkillStatus, string> = {
  working: "✅",
  untested: "🟡",
  failed: "❌",
};

/** Lists the skills; `names` alone for shell completion. */
export async function listSkills(
  session: Session,
  flags: { readonly names?: boolean; readonly cost?: boolean },
): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  if (flags.cost === true) {
    const { listCosts } = await import("./skill-costs.ts");
    return listCosts(session);
  }
  const skills = await application.listSkills();
  if (flags.names === true) {
    for (const { name } of skills) {
      screen.emit({ name });
    }
    screen.print(...skills.map(({ name }) => safeLine(name)));
    return exitCodes.ok;
  }
  for (const { source: _source, certificate, ...skill } of skills) {
    screen.emit({ ...skill, recordingLabel: certificate?.recordingLabel });
  }
  screen.print(`Skills (${skills.length}):`);
  for (const skill of skills) {
    const text = skill.goal === "" ? skill.description : skill.goal;
    screen.print(
      `  ${skillIcons[skill.status]} ${safeLine(skill.name)}: ${shorten(safeLine(text), 200)}`,
    );
    const label = skill.certificate?.recordingLabel;
    if (label !== undefined) {
      screen.print(screen.style("yellow", `     📼 Recorded answers: ${safeLine(label)}`));
    }
  }
  if (skills.length === 0) {
    screen.print(`  None yet; a goal makes one, "Create a JSON validator skill" say.`);
  }
  return exitCodes.ok;
}
