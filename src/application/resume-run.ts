import { z } from "zod";
import { listJournals } from "../journal/list-journals.ts";
import { isRunLocked, openRunJournal } from "../journal/run-journal.ts";
import type { Directive } from "../loop/run.ts";
import { AgentError } from "../shared/errors.ts";
import type { DirectiveRun, RunOptions, RunSummary } from "./application.ts";
import { startDirectiveRun } from "./event-stream.ts";
import { executeRun } from "./execute-run.ts";
import type { Parts } from "./parts.ts";
import { resolveModel } from "./resolve-model.ts";

const startedOptions = z.object({
  id: z.string(),
  goal: z.string(),
  skill: z.string(),
  language: z.enum(["python", "typescript"]),
  examples: z.array(z.string()),
  inputs: z.array(z.object({ path: z.string(), contentBase64: z.string() })),
  confirm: z.boolean().default(false),
});
const startedSettings = z.object({
  model: z.string(),
  maxIterations: z.int(),
  analysis: z.boolean(),
});

/** Runs that were cut off, newest first; those another process works on are left out. */
export async function pendingRuns(parts: Parts): Promise<RunSummary[]> {
  const { runs } = await parts.workspace();
  const pending: RunSummary[] = [];
  for (const journal of await listJournals(runs)) {
    if (!journal.isFinished && !(await isRunLocked(runs, journal.runId))) {
      const { runId, goal, skill, status, startedAt } = journal;
      pending.push({ runId, goal, skill, status, startedAt });
    }
  }
  return pending;
}

/** Goes on with a run that was cut off: its journal answers all that was answered before. */
export function resumeRun(
  parts: Parts,
  runId: string | undefined,
  options: Pick<RunOptions, "confirm" | "signal" | "model">,
): DirectiveRun {
  return startDirectiveRun(async (emit) => {
    const { runs } = await parts.workspace();
    const id = runId ?? (await newestPending(parts));
    await refuseUnknownOrEnded(runs, id);
    const journal = await openRunJournal({ runsDirectory: runs, runId: id });
    try {
      const started = journal.entries.find((entry) => entry.type === "run-started");
      const read = startedOptions.safeParse(started?.options);
      const settings = startedSettings.safeParse(started?.settings);
      if (!read.success || !settings.success) {
        throw new AgentError(
          "JOURNAL_DAMAGED",
          `Resuming run ${id}: its journal does not say how it was started; give its goal to a new run.`,
          { blame: "environment" },
        );
      }
      const { confirm: wasAsked, ...given } = read.data;
      const directive: Directive = given;
      const name = options.model ?? settings.data.model;
      const { model } = await resolveModel(parts, directive.goal, directive.language, name);
      await journal.append({ type: "run-resumed", at: parts.clock.now().toISOString() });
      const confirm = wasAsked ? (options.confirm ?? (async () => false)) : undefined;
      return await executeRun(parts, {
        directive,
        model,
        journal,
        maxIterations: settings.data.maxIterations,
        analysis: settings.data.analysis,
        resumed: true,
        confirm,
        signal: options.signal,
        emit,
      });
    } finally {
      await journal.close();
    }
  });
}

async function newestPending(parts: Parts): Promise<string> {
  const [newest] = await pendingRuns(parts);
  if (newest === undefined) {
    throw new AgentError(
      "RUN_NOT_FOUND",
      "Resuming: no run was cut off; give a goal to start one.",
      { blame: "caller" },
    );
  }
  return newest.runId;
}

async function refuseUnknownOrEnded(runs: string, runId: string): Promise<void> {
  const found = (await listJournals(runs)).find((journal) => journal.runId === runId);
  if (found === undefined) {
    throw new AgentError(
      "RUN_NOT_FOUND",
      `Resuming run ${runId}: there is no such run; see "autodidact runs".`,
      { blame: "caller" },
    );
  }
  if (found.isFinished) {
    throw new AgentError(
      "RUN_NOT_FOUND",
      `Resuming run ${runId}: it has ended (${found.status}); give its goal to a new run with --again.`,
      { blame: "caller" },
    );
  }
}
