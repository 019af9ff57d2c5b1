import { resolve } from "node:path";
import type { Application, RunOptions, RunResult } from "../../application/application.ts";
import { checkGoal } from "../../application/check-goal.ts";
import { chooseModel, type ModelChoice } from "../choose-model.ts";
import { type ExitCode, exitCodeOfStatus } from "../exit-codes.ts";
import { followRun } from "../follow-run.ts";
import { keepWaiting } from "../keep-waiting.ts";
import { safeLine, shorten } from "../safe-text.ts";
import type { Session } from "../session.ts";

/** Options of one run, as commander hands them over. */
export interface RunFlags {
  readonly name?: string;
  readonly example?: readonly string[];
  readonly examples?: readonly string[];
  readonly goalExamples?: boolean;
  readonly yes?: boolean;
  readonly input?: readonly string[];
  readonly again?: boolean;
  readonly confirm?: boolean;
  readonly pull?: boolean;
}

/** Works on one goal and shows it. */
export async function runGoal(session: Session, text: string, flags: RunFlags): Promise<ExitCode> {
  const goal = checkGoal(text);
  const { config } = await session.config();
  const choice = await chooseModel(session, {
    goal,
    language: config.language,
    again: flags.again ?? false,
    pull: flags.pull ?? false,
  });
  const application = await session.application();
  const run = () => follow(session, application, goal, flags, choice);
  return choice.kind === "none"
    ? keepWaiting(session, goal, run)
    : exitCodeOfStatus((await run()).status);
}

async function follow(
  session: Session,
  application: Application,
  goal: string,
  flags: RunFlags,
  choice: ModelChoice,
): Promise<RunResult> {
  const { config } = await session.config();
  return followRun(session, ({ signal, confirm }) => {
    const options: RunOptions = {
      language: config.language,
      signal,
      ...(choice.kind === "none" || choice.model === undefined ? {} : { model: choice.model }),
      ...(flags.name === undefined ? {} : { skillName: flags.name }),
      ...(flags.example === undefined ? {} : { examples: flags.example }),
      ...(flags.examples === undefined ? {} : { exampleFiles: paths(session, flags.examples) }),
      ...goalExamples(session, flags),
      ...(flags.input === undefined ? {} : { inputs: flags.input }),
      ...(flags.again === undefined ? {} : { again: flags.again }),
      ...(flags.confirm === true ? { confirm } : {}),
    };
    return application.runDirective(goal, options);
  });
}

function paths({ environment }: Session, files: readonly string[]): string[] {
  return files.map((file) => resolve(environment.cwd, file));
}

/** A person at a terminal is asked; nobody else can be, and what they wrote in the goal holds. */
function goalExamples(session: Session, flags: RunFlags): Pick<RunOptions, "goalExamples"> {
  if (flags.goalExamples === false) {
    return { goalExamples: "ignore" };
  }
  const { screen } = session;
  if (flags.yes === true || !screen.canAsk) {
    return {};
  }
  const ask = (examples: readonly string[]): Promise<boolean> => {
    const lines = examples.map((line) => `     ${shorten(safeLine(line), 200)}`);
    screen.note("📌 The goal's text holds examples:", ...lines);
    return session.confirm("Hold the skill to them, whatever the model says?");
  };
  return { goalExamples: ask };
}
