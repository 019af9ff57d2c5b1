import { modelChain, type RoleSettings } from "../config/model-chain.ts";
import { listJournals } from "../journal/list-journals.ts";
import { newRunId } from "../journal/run-id.ts";
import type { Directive } from "../loop/run.ts";
import { canonicalJson } from "../shared/digest.ts";
import { AgentError } from "../shared/errors.ts";
import type { JsonObject, JsonValue, Language } from "../shared/json.ts";
import type { Certificate } from "../verify/certificate.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import { readExample } from "../verify/example-reader.ts";
import type { DirectiveRun, RunOptions, RunResult } from "./application.ts";
import { checkGoal } from "./check-goal.ts";
import { claimSkill } from "./claim-skill.ts";
import { startDirectiveRun } from "./event-stream.ts";
import { type Emit, executeRun, runSettings } from "./execute-run.ts";
import { settingsWith } from "./model-settings.ts";
import { openOwnJournal } from "./open-own-journal.ts";
import type { Parts } from "./parts.ts";
import { readExamples } from "./read-examples.ts";
import { readInputs } from "./read-inputs.ts";
import { type ResolvedModels, resolveModels } from "./resolve-model.ts";

/** Turns a goal into a proven skill; see `Application.runDirective`. */
export function runDirective(parts: Parts, goal: string, options: RunOptions): DirectiveRun {
  return startDirectiveRun(async (emit) => {
    const checked = checkGoal(goal);
    const language = options.language ?? parts.config.language;
    // Read once without a contract, so that a mistyped example stops the run before it costs anything.
    const examples = await readExamples(checked, options, emit);
    return work(parts, { ...options, examples, goal: checked, language, emit });
  });
}

interface Order extends RunOptions {
  readonly goal: string;
  readonly language: Language;
  readonly emit: Emit;
}

async function work(parts: Parts, order: Order): Promise<RunResult> {
  const { goal, language, signal, emit } = order;
  if (signal?.aborted === true) {
    throw new AgentError(
      "ABORTED",
      "Running: it was stopped before it began; give the goal again.",
      {
        blame: "caller",
        cause: signal.reason,
      },
    );
  }
  const workspace = await parts.workspace();
  const inputs = await readInputs(workspace.root, order.inputs ?? []);
  const offered = await offer(parts, order);
  if (offered !== undefined) {
    return offered;
  }
  const model = await tryModels(parts, goal, language, settingsWith(parts.config, order));
  for (;;) {
    const skill = await (await parts.skills()).nameFor(goal, language, order.skillName);
    const claim = await claimSkill(parts, skill, signal, emit);
    try {
      const met = await offer(parts, order);
      if (met !== undefined) {
        return met;
      }
      if (claim !== undefined) {
        return await start(parts, order, { skill, inputs, model });
      }
    } finally {
      claim?.release();
    }
  }
}

/** A working skill that meets the goal already is offered instead of a duplicate. */
async function offer(parts: Parts, order: Order): Promise<RunResult | undefined> {
  const { goal, language, emit, examples = [] } = order;
  if (order.again === true) {
    return undefined;
  }
  const skill = await (await parts.skills()).findWorking(goal, language);
  if (skill?.certificate === undefined || !isProvenOn(skill.certificate, examples)) {
    return undefined;
  }
  // Whoever wants a name of their own will use it by that name.
  if (order.skillName !== undefined && order.skillName !== skill.name) {
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

/** An example that a skill was not tested on is no reason to trust it, nor to distrust it. */
function isProvenOn({ contract, suite }: Certificate, examples: readonly string[]): boolean {
  const tested = new Set(suite.cases.map(callAndResult));
  return examples.every((line) => tested.has(callAndResult(readExample(line, contract))));
}

function callAndResult(one: DraftCase): string {
  const { kind, args } = one;
  const result = kind === "returns" ? one.expected : kind === "raises" ? one.errorType : "";
  return canonicalJson([kind, [...args], result]);
}

interface Prepared {
  readonly skill: string;
  readonly inputs: Directive["inputs"];
  readonly model: TriedModels;
}

async function start(
  parts: Parts,
  order: Order,
  { skill, inputs, model: resolved }: Prepared,
): Promise<RunResult> {
  const { config, clock } = parts;
  const { goal, language, emit } = order;
  const runId = newRunId(clock.now());
  const directive: Directive = {
    id: runId,
    goal,
    skill,
    language,
    examples: order.examples ?? [],
    inputs,
  };
  const noted = JSON.parse(JSON.stringify({ ...directive, confirm: order.confirm !== undefined }));
  if (resolved.kind === "not-ready" && (await isWaitingAlready(parts, noted))) {
    throw resolved.error;
  }
  const settings = runSettings(config);
  const journal = await openOwnJournal(parts, runId);
  try {
    const label = resolved.kind === "ready" ? resolved.recordingLabel : undefined;
    await journal.append({
      type: "run-started",
      at: clock.now().toISOString(),
      schemaVersion: 1,
      runId,
      goal,
      options: noted,
      settings: JSON.parse(JSON.stringify({ ...resolved.settings, ...settings })),
      ...(label === undefined ? {} : { recordingLabel: label }),
    });
    if (resolved.kind === "ready" && resolved.warning !== undefined) {
      emit({ type: "warning-raised", message: resolved.warning });
    }
    return await executeRun(parts, {
      directive,
      openModels: async () => {
        if (resolved.kind === "not-ready") {
          throw resolved.error;
        }
        return resolved;
      },
      journal,
      settings,
      resumed: false,
      confirm: order.confirm,
      signal: order.signal,
      emit,
    });
  } finally {
    await journal.close();
  }
}

type TriedModels = { readonly settings: RoleSettings } & (
  | ({ readonly kind: "ready" } & ResolvedModels)
  | { readonly kind: "not-ready"; readonly error: AgentError }
);

/** A model that cannot be asked now does not lose the directive: it is noted and waits. */
async function tryModels(
  parts: Parts,
  goal: string,
  language: Language,
  settings: RoleSettings,
): Promise<TriedModels> {
  try {
    const resolved = await resolveModels(parts, goal, language, settings, {
      mayUseRecordings: true,
      peers: parts.config.peers,
    });
    // Those that answer, should others stand in for the ones that were asked for.
    const isStandIn = resolved.warning !== undefined;
    const asked = isStandIn ? { model: resolved.links.planner.map(({ name }) => name) } : settings;
    return { kind: "ready", settings: noted(asked), ...resolved };
  } catch (error) {
    if (error instanceof AgentError && error.blame === "environment") {
      return { kind: "not-ready", settings: noted(settings), error };
    }
    throw error;
  }
}

/** A chain of one is its name alone, unless a comma in it would make two of it. */
function noted(settings: RoleSettings): RoleSettings {
  const entries = Object.entries(settings).map(([role, names]) => {
    const chain = modelChain(names ?? settings.model);
    return [role, isPlain(chain) ? (chain[0] ?? "") : [...chain]] as const;
  });
  return { model: settings.model, ...Object.fromEntries(entries) };
}

function isPlain([first = "", ...others]: readonly string[]): boolean {
  return others.length === 0 && modelChain(first).length === 1;
}

/** Whoever asks again and again while no server answers gets one waiting run, not ten. */
async function isWaitingAlready(parts: Parts, noted: JsonObject): Promise<boolean> {
  const { runs } = await parts.workspace();
  const key = (options: JsonValue) => canonicalJson({ ...Object(options), id: "" });
  const waiting = (await listJournals(runs)).filter((journal) => !journal.isFinished);
  return waiting.some((journal) => key(journal.options) === key(noted));
}
