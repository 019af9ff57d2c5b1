import { type ExitCode, exitCodeOfStatus } from "../exit-codes.ts";
import { followRun } from "../follow-run.ts";
import type { Session } from "../session.ts";

/** Goes on with a run that was cut off; without an id with the newest. */
export async function resumeRun(session: Session, runId: string | undefined): Promise<ExitCode> {
  const application = await session.application();
  const { values } = await session.config();
  // The run goes on with the model it began with, unless another one is asked for on this command.
  const model = values.find(({ key }) => key === "model");
  const isAsked = model?.source.startsWith("flag") === true && typeof model.value === "string";
  const result = await followRun(session, ({ signal, confirm }) =>
    // Asked only when the run was started with --confirm and has no answer yet.
    application.resumeRun(runId, {
      signal,
      confirm,
      ...(isAsked ? { model: String(model.value) } : {}),
    }),
  );
  return exitCodeOfStatus(result.status);
}
