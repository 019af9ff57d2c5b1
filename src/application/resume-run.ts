import { existsSync } from "node:fs";
import type { RoleSettings } from "../config/model-chain.ts";
import type { RunJournal } from "../journal/journal.ts";
import { findJournal, listJournals } from "../journal/list-journals.ts";
import { journalPath } from "../journal/run-id.ts";
import { isRunLocked } from "../journal/run-journal.ts";
import type { Directive } from "../loop/run.ts";
import { AgentError } from "../shared/errors.ts";
import type {
  DirectiveRun,
  ModelOption,
  RunOptions,
  RunResult,
  RunSummary,
} from "./application.ts";
import { claimSkill } from "./claim-skill.ts";
import { startDirectiveRun } from "./event-stream.ts";
import { type Emit, executeRun, recordDirective } from "./execute-run.ts";
import { settingsWith } from "./model-settings.ts";
import { openOwnJournal } from "./open-own-journal.ts";
import type { Parts } from "./parts.ts";
import { readStartedRun } from "./read-started-run.ts";
import { requireOwnRemotes } from "./require-own-remotes.ts";
import { type ResolvedModels, resolveModels } from "./resolve-model.ts";

/** Runs that were cut off, newest first; those another process works on are left out. */
export async function pendingRuns(parts: Parts): Promise<RunSummary[]> {
  const { runs } = await parts.workspace();
  const pending: RunSummary[] = [];
  for (const journal of await listJournals(runs)) {
    if (!journal.isFinished && !(await isRunLocked(runs, journal.runId))) {
      const { runId, goal, skill, startedAt } = journal;
      const status = journal.status === "running" ? "pending" : journal.status;
      pending.push({ runId, goal, skill, status, startedAt });
    }
  }
  return pending;
}

type ResumeOptions = Pick<RunOptions, "confirm" | "signal" | ModelOption>;

/** Goes on with a run that was cut off: its journal answers all that was answered before. */
export function resumeRun(
  parts: Parts,
  runId: string | undefined,
  options: ResumeOptions,
): DirectiveRun {
  return startDirectiveRun(async (emit) => {
    const { runs } = await parts.workspace();
    const id = runId ?? (await newestPending(parts));
    await refuseUnknownOrEnded(runs, id);
    const journal = await openOwnJournal(parts, id);
    try {
      // Nobody else works on it from here on; until here somebody may have ended it.
      await refuseUnknownOrEnded(runs, id);
      return await goOn(parts, journal, options, emit);
    } finally {
      await journal.close();
    }
  });
}

async function goOn(
  parts: Parts,
  journal: RunJournal,
  options: ResumeOptions,
  emit: Emit,
): Promise<RunResult> {
  const {
    directive,
    settings,
    wasAsked,
    models: startedModels,
  } = readStartedRun(journal.entries, `Resuming run ${journal.runId}`);
  tellDamage(journal, emit);
  const models = settingsWith(startedModels, options);
  const recorded = { models, peers: settings.peers };
  requireOwnRemotes(journal.runId, recorded, parts.config, options);
  let claim = await claimSkill(parts, directive.skill, options.signal, emit);
  while (claim === undefined) {
    claim = await claimSkill(parts, directive.skill, options.signal, emit);
  }
  try {
    if (await isProvenByAnother(parts, directive)) {
      return await endAsOffered(parts, directive, journal, emit);
    }
    await journal.append({ type: "run-resumed", at: parts.clock.now().toISOString() });
    return await executeRun(parts, {
      directive,
      openModels: () => openModelsAgain(parts, directive, journal, recorded, emit),
      journal,
      settings,
      resumed: true,
      confirm: wasAsked ? (options.confirm ?? nobodyToAsk) : undefined,
      signal: options.signal,
      emit,
    });
  } finally {
    claim.release();
  }
}

/** A line cut off at the end is what a crash leaves; one broken in the middle costs answers. */
function tellDamage({ damage, path }: RunJournal, emit: Emit): void {
  if (damage?.kind === "middle") {
    const message = `The journal is broken at line ${damage.line} (${damage.reason}); what stood from there on is asked again, and kept beside ${path} as .damaged-…`;
    emit({ type: "warning-raised", message });
  }
}

/** While a run lay cut off, its goal may have been given again, and met under the same name. */
async function isProvenByAnother(parts: Parts, directive: Directive): Promise<boolean> {
  const skills = await (await parts.skills()).list();
  const skill = skills.find((one) => one.name === directive.skill);
  return skill?.status === "working" && skill.certificate?.runId !== directive.id;
}

async function endAsOffered(
  parts: Parts,
  directive: Directive,
  journal: RunJournal,
  emit: Emit,
): Promise<RunResult> {
  const { goal, skill } = directive;
  emit({ type: "skill-offered", skill, goal });
  await recordDirective(parts, { directive, journal }, "completed");
  const at = parts.clock.now().toISOString();
  await journal.append({ type: "run-finished", at, status: "completed" });
  const { runId } = journal;
  return { runId, goal, status: "completed", skill, offered: true, attempts: 0, modelCalls: 0 };
}

/** The models to go on with; what the journal holds from a recording stays labelled as that. */
async function openModelsAgain(
  parts: Parts,
  directive: Directive,
  journal: RunJournal,
  { models, peers }: { readonly models: RoleSettings; readonly peers: readonly string[] },
  emit: Emit,
): Promise<ResolvedModels> {
  const mayUseRecordings = !journal.entries.some((entry) => entry.type === "model-answered");
  const { goal, language } = directive;
  const options = { mayUseRecordings, peers };
  const resolved = await resolveModels(parts, goal, language, models, options);
  if (resolved.warning !== undefined) {
    emit({ type: "warning-raised", message: resolved.warning });
  }
  const started = journal.entries.find((entry) => entry.type === "run-started");
  const label = resolved.recordingLabel ?? started?.recordingLabel;
  return label === undefined ? resolved : { ...resolved, recordingLabel: label };
}

/** The run was to wait for a person; without one it goes on waiting. */
async function nobodyToAsk(): Promise<boolean> {
  throw new AgentError(
    "USAGE",
    "Resuming: the run waits for a yes to its contract, and nobody can be asked here; resume it in a terminal, or pass confirm.",
    { blame: "caller" },
  );
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
  const found = await findJournal(runs, runId);
  if (found === undefined && existsSync(journalPath(runs, runId))) {
    throw new AgentError(
      "JOURNAL_DAMAGED",
      `Resuming run ${runId}: the beginning of its journal ${journalPath(runs, runId)} cannot be read; it says how the run was started; give its goal to a new run.`,
      { blame: "environment" },
    );
  }
  if (found === undefined) {
    throw new AgentError(
      "RUN_NOT_FOUND",
      `Resuming run ${runId}: there is no such run; the id of a kept run is wanted; copy one from the list of runs.`,
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
