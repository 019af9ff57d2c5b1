import { newRunId } from "../journal/run-id.ts";
import { openRunJournal } from "../journal/run-journal.ts";
import type { Directive } from "../loop/run.ts";
import type { Language } from "../shared/json.ts";
import { readExample } from "../verify/example-reader.ts";
import type { DirectiveRun, RunOptions, RunResult } from "./application.ts";
import { checkGoal } from "./check-goal.ts";
import { startDirectiveRun } from "./event-stream.ts";
import { type Emit, executeRun } from "./execute-run.ts";
import type { Parts } from "./parts.ts";
import { readInputs } from "./read-inputs.ts";
import { resolveModel } from "./resolve-model.ts";

/** Turns a goal into a proven skill; see `Application.runDirective`. */
export function runDirective(parts: Parts, goal: string, options: RunOptions): DirectiveRun {
  return startDirectiveRun(async (emit) => {
    const checked = checkGoal(goal);
    const language = options.language ?? parts.config.language;
    // Read once without a contract, so that a mistyped example stops the run before it costs anything.
    for (const line of options.examples ?? []) {
      readExample(line);
    }
    const offered =
      options.again === true ? undefined : await offer(parts, checked, language, emit);
    return offered ?? start(parts, checked, language, options, emit);
  });
}

/** A working skill that meets the goal already is offered instead of a duplicate. */
async function offer(
  parts: Parts,
  goal: string,
  language: Language,
  emit: Emit,
): Promise<RunResult | undefined> {
  await parts.workspace();
  const skill = await (await parts.skills()).findWorking(goal, language);
  if (skill === undefined) {
    return undefined;
  }
  emit({ type: "skill-offered", skill: skill.name, goal });
  return {
    runId: "",
    goal,
    status: "completed",
    skill: skill.name,
    offered: true,
    attempts: 0,
    modelCalls: 0,
  };
}

async function start(
  parts: Parts,
  goal: string,
  language: Language,
  options: RunOptions,
  emit: Emit,
): Promise<RunResult> {
  const { config, clock } = parts;
  const workspace = await parts.workspace();
  const inputs = await readInputs(workspace.root, options.inputs ?? []);
  const modelName = options.model ?? config.model;
  const { model, warning } = await resolveModel(parts, goal, language, modelName);
  const skill = await (await parts.skills()).nameFor(goal, language, options.skillName);
  const runId = newRunId(clock.now());
  const journal = await openRunJournal({ runsDirectory: workspace.runs, runId });
  const directive: Directive = {
    id: runId,
    goal,
    skill,
    language,
    examples: options.examples ?? [],
    inputs,
  };
  await journal.append({
    type: "run-started",
    at: clock.now().toISOString(),
    schemaVersion: 1,
    runId,
    goal,
    options: JSON.parse(JSON.stringify({ ...directive, confirm: options.confirm !== undefined })),
    settings: {
      model: model.name,
      maxIterations: config.maxIterations,
      analysis: config.analysis,
      executionTimeoutMs: config.executionTimeoutMs,
      suiteCases: config.suiteCases,
      sealedShare: config.sealedShare,
    },
    ...(model.recordingLabel === undefined ? {} : { recordingLabel: model.recordingLabel }),
  });
  if (warning !== undefined) {
    emit({ type: "warning-raised", message: warning });
  }
  return executeRun(parts, {
    directive,
    model,
    journal,
    maxIterations: config.maxIterations,
    analysis: config.analysis,
    resumed: false,
    confirm: options.confirm,
    signal: options.signal,
    emit,
  });
}
