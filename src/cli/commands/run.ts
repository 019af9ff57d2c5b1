import type { RunOptions } from "../../application/application.ts";
import { checkGoal } from "../../application/check-goal.ts";
import { chooseModel } from "../choose-model.ts";
import { type ExitCode, exitCodeOfStatus, exitCodes } from "../exit-codes.ts";
import { followRun } from "../follow-run.ts";
import type { Session } from "../session.ts";

/** Options of one run, as commander hands them over. */
export interface RunFlags {
  readonly name?: string;
  readonly example?: readonly string[];
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
  if (choice.kind === "none") {
    return exitCodes.noModel;
  }
  const application = await session.application();
  const result = await followRun(session, ({ signal, confirm }) => {
    const options: RunOptions = {
      language: config.language,
      signal,
      ...(choice.model === undefined ? {} : { model: choice.model }),
      ...(flags.name === undefined ? {} : { skillName: flags.name }),
      ...(flags.example === undefined ? {} : { examples: flags.example }),
      ...(flags.input === undefined ? {} : { inputs: flags.input }),
      ...(flags.again === undefined ? {} : { again: flags.again }),
      ...(flags.confirm === true ? { confirm } : {}),
    };
    return application.runDirective(goal, options);
  });
  return exitCodeOfStatus(result.status);
}
