import { namedModels } from "../../config/model-chain.ts";
import { consentToModels } from "../ask-consent.ts";
import { type ExitCode, exitCodeOfStatus, exitCodes } from "../exit-codes.ts";
import { followRun } from "../follow-run.ts";
import type { Session } from "../session.ts";

const modelKeys: readonly string[] = ["model", "coder", "tester", "analyst"];

/** Goes on with a run that was cut off; without an id with the newest. */
export async function resumeRun(session: Session, runId: string | undefined): Promise<ExitCode> {
  const application = await session.application();
  const { config, values } = await session.config();
  // The run goes on with the models it began with, unless others are asked for on this command.
  const asked = Object.fromEntries(
    values
      .filter(({ key, source }) => modelKeys.includes(key) && source.startsWith("flag"))
      .map(({ key, value }) => [key, Array.isArray(value) ? value.map(String) : String(value)]),
  );
  // What else a journal names elsewhere is refused.
  if (!(await consentToModels(session, application, namedModels(config)))) {
    return exitCodes.noModel;
  }
  const result = await followRun(session, ({ signal, confirm }) =>
    // Asked only when the run was started with --confirm and has no answer yet.
    application.resumeRun(runId, {
      signal,
      confirm,
      ...asked,
    }),
  );
  return exitCodeOfStatus(result.status);
}
