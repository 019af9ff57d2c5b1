import { isOwnPeer } from "../config/model-chain.ts";
import type { Config } from "../config/schema.ts";
import type { JournalEntry, RunJournal } from "../journal/journal.ts";
import { pruneJournals } from "../journal/retention.ts";
import { runGraph } from "../loop/graph.ts";
import type { Peer } from "../loop/peers.ts";
import { RoleModels } from "../loop/role-models.ts";
import {
  CallCounter,
  type Directive,
  type JudgeRequest,
  type LoopSettings,
  type Run,
} from "../loop/run.ts";
import type { LoopState } from "../loop/state.ts";
import type { RoleLinks } from "../model/model-chain.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import type { AgentEvent, DirectiveStatus, Role } from "../shared/events.ts";
import type { ProofCost } from "../verify/certificate.ts";
import { otherLanguage } from "../verify/contract-in-language.ts";
import { vetProperties } from "../verify/vet-properties.ts";
import type { RunResult } from "./application.ts";
import { executionLimits, runPolicy } from "./execution-limits.ts";
import { judgeCandidate } from "./judge-candidate.ts";
import { openSpending, unlessBudget } from "./open-spending.ts";
import type { Parts } from "./parts.ts";
import { peersInOrder } from "./peers-in-order.ts";
import { buildProver } from "./prover.ts";
import type { ResolvedModels } from "./resolve-model.ts";

export type Emit = (event: AgentEvent) => void;

/** What the journal notes when a run starts, so that a resumed run goes on under the same settings. */
export interface RunSettings extends LoopSettings {
  readonly executionTimeoutMs: number;
  /** `other-prompt`, `other-language`, or names of models. */
  readonly peers: string[];
}

/** Those of the configuration. */
export function runSettings(config: Config): RunSettings {
  const { maxIterations, analysis, executionTimeoutMs, suiteCases, sealedShare } = config;
  const { flakeRuns, maxMutants, minMutationScore, candidates, peers } = config;
  const asking = { maxIterations, analysis, suiteCases, sealedShare, candidates, peers };
  return { ...asking, executionTimeoutMs, flakeRuns, maxMutants, minMutationScore };
}

interface Tokens {
  prompt: number;
  output: number;
  /** In US dollars; null once a price was not known. */
  money: number | null;
}

export interface RunOrder {
  readonly directive: Directive;
  /** @throws {AgentError} why the model cannot be asked now; the run can then be resumed later. */
  readonly openModels: () => Promise<ResolvedModels>;
  readonly journal: RunJournal;
  readonly settings: RunSettings;
  readonly resumed: boolean;
  readonly confirm: (() => Promise<boolean>) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly emit: Emit;
  /** Told what is judged, before it is. */
  readonly onJudge?: (request: JudgeRequest) => void;
}

/**
 * Works on one directive until it ends. When something stops it (no server, an abort, a full disk)
 * the journal stays unfinished, the directive `pending`, and the error is thrown on. A budget that is
 * reached is no error: the run waits. Whoever opened the journal closes it.
 */
export async function executeRun(parts: Parts, order: RunOrder): Promise<RunResult> {
  const { directive, journal } = order;
  const emit = journalling(order);
  const startedMs = parts.clock.monotonicMs();
  const startedAt = parts.clock.now().getTime();
  const calls = new CallCounter();
  try {
    await recordDirective(parts, order, "running");
    const resolved = await order.openModels();
    emit.tell(startedEvent(order, resolved));
    for (const message of parts.warnings()) {
      order.emit({ type: "warning-raised", message });
    }
    // Found out now rather than when the skill that it would have signed is ready.
    await (await parts.keys()).signingKey();
    const cost = (): ProofCost => ({
      modelCalls: calls.total(),
      promptTokens: emit.tokens().prompt,
      outputTokens: emit.tokens().output,
      durationMs: Math.round(parts.clock.monotonicMs() - startedMs),
      requests: calls.requests(),
      money: emit.tokens().money,
    });
    const models = new RoleModels(resolved.links, journal, emit.tell);
    const spending = await openSpending(parts, order);
    const label = resolved.recordingLabel;
    const run = await buildRun(parts, order, { models, spending, calls, cost }, emit.tell);
    const graph = () => runGraph(label === undefined ? run : { ...run, recordingLabel: label });
    const end = await unlessBudget(spending, graph);
    const result: RunResult = {
      runId: journal.runId,
      goal: directive.goal,
      skill: directive.skill,
      status: end.kind === "ended" ? statusOf(end.state) : "waiting",
      offered: false,
      attempts: end.kind === "ended" ? end.state.attempt : emit.attempt(),
      // The one that the run waits for was counted and not made.
      modelCalls: calls.total() - (end.kind === "waits" ? 1 : 0),
      ...(end.kind === "waits" ? { waitsFor: end.event.message } : {}),
    };
    if (end.kind === "waits") {
      emit.tell(end.event);
    }
    const durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
    const drift = clockDrift(parts.clock.now().getTime() - startedAt, durationMs);
    if (drift !== undefined) {
      emit.tell({ type: "warning-raised", message: drift });
    }
    emit.tell(finishedEvent(result, durationMs, emit.tokens()));
    await emit.flushed();
    await recordDirective(parts, order, result.status);
    const at = parts.clock.now().toISOString();
    await journal.append({ type: "run-finished", at, status: result.status });
    if (await journal.isRemoved()) {
      const message = `The journal of this run was removed while it was open: ${journal.path} is gone, and the run can be neither shown, replayed nor resumed; what it came to is kept.`;
      order.emit({ type: "warning-raised", message });
    }
    if (drift === undefined) {
      await prune(parts);
    }
    return result;
  } catch (error) {
    // What stopped the run is what the caller must hear, also when a full disk stops this as well.
    await Promise.allSettled([emit.flushed(), recordDirective(parts, order, "pending")]);
    throw asAbort(order.signal, error);
  }
}

const largestDriftMs = 3_600_000;

/** By an age that a wrong clock tells, journals would go that are to be kept. */
function clockDrift(passedMs: number, durationMs: number): string | undefined {
  const drift = Math.abs(passedMs - durationMs);
  return drift < largestDriftMs
    ? undefined
    : `The clock moved by ${Math.round(drift / largestDriftMs)} hours more or less than the run took: it was set, or the machine slept. No old run is removed now.`;
}

/** Whatever word an abort went by on its way up, the caller hears ours. */
function asAbort(signal: AbortSignal | undefined, error: unknown): unknown {
  return signal?.aborted === true && !(error instanceof AgentError)
    ? new AgentError("ABORTED", "Running: it was stopped; resume the run to go on.", {
        blame: "caller",
        cause: error,
      })
    : error;
}

function statusOf(state: LoopState): DirectiveStatus {
  if (state.outcome === "admitted") {
    return "completed";
  }
  const { outcome } = state;
  return outcome === "cancelled" || outcome === "unproven" ? outcome : "failed";
}

async function buildRun(
  parts: Parts,
  order: RunOrder,
  { models, spending, calls, cost }: Pick<Run, "models" | "spending" | "calls" | "cost">,
  emit: Emit,
): Promise<Run> {
  const { language } = order.directive;
  const [sandbox, reference] = [
    await parts.sandbox(language, order.signal),
    await parts.referenceSandbox(language, order.signal),
  ];
  for (const one of new Set([reference, sandbox])) {
    // Ready by the time the model has answered; what is wrong with it is said when it is started.
    one.warm().catch(() => {});
  }
  const reader = await parts.reader();
  const { directive, settings } = order;
  const config = { ...parts.config, executionTimeoutMs: settings.executionTimeoutMs };
  const judging = { reference, sandbox, reader, config, signal: order.signal };
  return {
    directive,
    settings,
    models,
    spending,
    peers: await Promise.all(
      peersInOrder(settings.peers, models).map((name) => openPeer(parts, name)),
    ),
    journal: order.journal,
    memory: await parts.memory(),
    skills: await parts.skills(),
    safety: await parts.safety(),
    clock: parts.clock,
    emit,
    confirm: order.confirm,
    signal: order.signal,
    vetCases: (cases, contract, examples) =>
      vetProperties(cases, {
        checker: reference,
        limits: executionLimits(config),
        contract,
        examples,
        ...(order.signal === undefined ? {} : { signal: order.signal }),
      }),
    judge: (request) => {
      order.onJudge?.(request);
      return judgeCandidate(judging, request);
    },
    prover: buildProver(judging, await sandboxForPeers(parts, order)),
    policy: runPolicy(config, settings),
    cost,
    calls,
  };
}

async function openPeer(parts: Parts, name: string): Promise<Peer> {
  return isOwnPeer(name) ? { kind: name } : { kind: "other-model", model: await parts.model(name) };
}

/** Opened before anything is asked, so that a machine that cannot hold the other language says so now. */
async function sandboxForPeers(
  parts: Parts,
  { settings, directive, signal }: RunOrder,
): Promise<Sandbox | undefined> {
  return settings.peers.includes("other-language")
    ? await parts.sandbox(otherLanguage(directive.language), signal)
    : undefined;
}

/** Passes events on and writes them down; those that a resumed run tells again are written once. */
function journalling(order: RunOrder) {
  const { journal } = order;
  let recorded = journal.entries.filter(isToldAgain).length;
  let written: Promise<void> = Promise.resolve();
  const tokens: Tokens = { prompt: 0, output: 0, money: 0 };
  let attempt = 0;
  return {
    tell: (event: AgentEvent) => {
      order.emit(event);
      if (event.type === "model-answered") {
        tokens.prompt += event.promptTokens;
        tokens.output += event.outputTokens;
        const { money = null } = event;
        tokens.money = tokens.money === null || money === null ? null : tokens.money + money;
      }
      if (event.type === "attempt-started") {
        ({ attempt } = event);
      }
      if (event.type === "token-received") {
        return;
      }
      if (recorded > 0) {
        recorded -= 1;
        return;
      }
      const at = new Date().toISOString();
      written = written.then(() => journal.append({ type: "event", at, event }));
      // Seen by `flushed`; until then it must not count as nobody's.
      written.catch(() => {});
    },
    tokens: () => tokens,
    attempt: () => attempt,
    /** Rejects with what an event could not be written for. */
    flushed: () => written,
  };
}

/** That a run waits, and its end, belong to one pass; the next one goes on behind them. */
function isToldAgain(entry: JournalEntry): boolean {
  return (
    entry.type === "event" &&
    entry.event.type !== "budget-reached" &&
    entry.event.type !== "run-finished"
  );
}

function startedEvent(order: RunOrder, { links, recordingLabel }: ResolvedModels): AgentEvent {
  const { directive, journal, settings } = order;
  const chains = namesOf(links);
  return {
    type: "run-started",
    runId: journal.runId,
    goal: directive.goal,
    skill: directive.skill,
    language: directive.language,
    model: chains.planner[0] ?? "",
    ...(new Set(Object.values(chains).flat()).size > 1 ? { chains } : {}),
    maxIterations: settings.maxIterations,
    ...(recordingLabel === undefined ? {} : { recordingLabel }),
    resumed: order.resumed,
    firstAttemptModelCalls:
      (settings.analysis ? 3 : 2) + settings.candidates + settings.peers.length,
  };
}

function namesOf({ planner, tester, coder, analyst }: RoleLinks): Record<Role, string[]> {
  const names = (chain: RoleLinks[Role]) => chain.map(({ name }) => name);
  return {
    planner: names(planner),
    tester: names(tester),
    coder: names(coder),
    analyst: names(analyst),
  };
}

function finishedEvent(result: RunResult, durationMs: number, tokens: Tokens): AgentEvent {
  return {
    type: "run-finished",
    runId: result.runId,
    skill: result.skill,
    status: result.status,
    attempts: result.attempts,
    modelCalls: result.modelCalls,
    promptTokens: tokens.prompt,
    outputTokens: tokens.output,
    money: tokens.money,
    durationMs,
  };
}

/** Writes into memory how far a directive has come. */
export async function recordDirective(
  parts: Parts,
  order: Pick<RunOrder, "directive" | "journal">,
  status: DirectiveStatus,
): Promise<void> {
  const { directive, journal } = order;
  const memory = await parts.memory();
  await memory.recordDirective(
    {
      goal: directive.goal,
      status,
      id: directive.id,
      skill: directive.skill,
      run_id: journal.runId,
    },
    parts.clock.now(),
  );
}

async function prune(parts: Parts): Promise<void> {
  const { keepRuns, keepRunDays } = parts.config;
  const { runs } = await parts.workspace();
  await pruneJournals({ runsDirectory: runs, keepRuns, keepRunDays, now: parts.clock.now() });
}
