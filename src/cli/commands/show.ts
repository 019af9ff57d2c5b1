import type { Application } from "../../application/application.ts";
import { AgentError } from "../../shared/errors.ts";
import { nearestWord } from "../../shared/nearest-word.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { renderJournal, renderPrompts } from "../render-journal.ts";
import { renderCode, renderSkill } from "../render-skill.ts";
import { safeLine, shorten } from "../safe-text.ts";
import type { Session } from "../session.ts";

export interface ShowFlags {
  readonly prompts?: boolean;
  readonly code?: boolean;
  /** Of a run: everything as it was seen while it ran. */
  readonly screen?: boolean;
}

type Damage = Parameters<NonNullable<Parameters<Application["showRun"]>[1]>>[0];
type Skill = Awaited<ReturnType<Application["showSkill"]>>;

/** Shows a skill by its name, or a run by its id. */
export async function show(session: Session, name: string, flags: ShowFlags): Promise<ExitCode> {
  const application = await session.application();
  const skill = await findSkill(application, name);
  if (skill === undefined) {
    await showRun(session, application, name, flags);
  } else if (flags.prompts === true) {
    await showRun(session, application, runOf(skill), flags);
  } else {
    showSkill(session, skill, flags);
  }
  return exitCodes.ok;
}

async function findSkill(application: Application, name: string): Promise<Skill | undefined> {
  try {
    return await application.showSkill(name);
  } catch (error) {
    const isOther =
      error instanceof AgentError &&
      (error.code === "SKILL_NOT_FOUND" || error.code === "SKILL_NAME_INVALID");
    if (isOther) {
      return undefined;
    }
    throw error;
  }
}

function runOf(skill: Skill): string {
  if (skill.certificate?.runId === undefined) {
    throw new AgentError(
      "RUN_NOT_FOUND",
      `Showing the prompts of ${skill.name}: it has no certificate that names its run, a run id is wanted; find it with the command runs.`,
      { blame: "caller" },
    );
  }
  return skill.certificate.runId;
}

function showSkill({ screen, environment }: Session, skill: Skill, flags: ShowFlags): void {
  screen.emit(skill);
  if (flags.code !== true) {
    screen.print(...renderSkill(skill, screen.style));
  } else if (screen.isLive) {
    screen.print(renderCode(skill.source));
  } else if (!screen.isJson) {
    // Into a file or a pipe go the skill's very bytes; no terminal reads them there.
    environment.stdout.write(skill.source);
  }
}

async function showRun(
  session: Session,
  application: Application,
  runId: string,
  flags: ShowFlags,
): Promise<void> {
  const { screen } = session;
  const damages: Damage[] = [];
  const entries = await openRun(application, runId, (damage) => damages.push(damage));
  // A last line that a crash cut off is ordinary.
  const damage = damages.find(({ kind }) => kind === "middle");
  for (const entry of entries) {
    if (flags.prompts !== true || entry.type === "model-answered") {
      screen.emit(entry);
    }
  }
  const lines =
    flags.prompts === true
      ? renderPrompts(entries, screen.style)
      : renderJournal(
          entries,
          {
            style: screen.style,
            commandLine: session.commandLine,
            cwd: session.environment.cwd,
          },
          { asSeen: flags.screen === true, isDamaged: damage !== undefined },
        );
  screen.print(...lines);
  if (damage !== undefined) {
    tellDamage(session, damage);
  }
}

function tellDamage({ screen }: Session, { line, reason }: Damage): void {
  screen.emit({ type: "journal-damaged", line, reason });
  screen.note(
    `⚠️  Its journal is damaged at line ${line} (${shorten(safeLine(reason), 200)}): what was written from there on is not shown.`,
  );
}

async function openRun(
  application: Application,
  runId: string,
  onDamage: (damage: Damage) => void,
) {
  try {
    return await application.showRun(runId, onDamage);
  } catch (error) {
    if (error instanceof AgentError && error.code === "RUN_NOT_FOUND") {
      throw await neitherSkillNorRun(application, runId, error);
    }
    throw error;
  }
}

async function neitherSkillNorRun(application: Application, name: string, cause: AgentError) {
  const skills = await application.listSkills();
  const near = nearestWord(
    name,
    skills.map((skill) => skill.name),
  );
  const hint = near === undefined ? "list them with skills and runs" : `did you mean ${near}?`;
  return new AgentError(
    "SKILL_NOT_FOUND",
    `Showing ${safeLine(name)}: it is neither a skill nor a run; ${hint}`,
    { blame: "caller", cause },
  );
}
