import type { RunResult } from "../application/application.ts";
import { type ExitCode, exitCodeOfError, exitCodeOfStatus, exitCodes } from "./exit-codes.ts";
import { verbatim } from "./screen.ts";
import type { Session } from "./session.ts";

/**
 * Gives the application a goal that no model can work on now, so that it is kept, and says how to go on.
 * What is wrong with the model has been told before. A model that answers by now works on it.
 *
 * @throws whatever else stops the run.
 */
export async function keepWaiting(
  session: Session,
  goal: string,
  run: () => Promise<RunResult>,
): Promise<ExitCode> {
  try {
    return exitCodeOfStatus((await run()).status);
  } catch (error) {
    if (exitCodeOfError(error) !== exitCodes.noModel) {
      throw error;
    }
  }
  const application = await session.application();
  const kept = (await application.pendingRuns()).find((pending) => pending.goal === goal);
  if (kept !== undefined) {
    const { runId } = kept;
    session.screen.emit({ type: "directive-pending", runId, goal });
    const resume = verbatim(`     ${session.commandLine(`resume ${runId}`)}`);
    session.screen.note("⏳ The goal is kept; once a model answers, go on with:", resume);
  }
  return exitCodes.noModel;
}
