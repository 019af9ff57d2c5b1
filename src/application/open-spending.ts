import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { lockPath } from "../journal/run-id.ts";
import type { LoopState } from "../loop/state.ts";
import { newComparisonId } from "../model/budget/amounts.ts";
import { callsOf, freeDeadRuns } from "../model/budget/open-ledger.ts";
import { RunSpending, type Spending } from "../model/budget/spending.ts";
import { AgentError } from "../shared/errors.ts";
import type { AgentEvent } from "../shared/events.ts";
import { fileError } from "../shared/file-error.ts";
import { acquireLock } from "../shared/lock.ts";
import type { RunOrder } from "./execute-run.ts";
import type { Parts } from "./parts.ts";

/** What stands before each call of a run. What its journal holds is counted first. */
export async function openSpending(
  parts: Parts,
  { directive, journal }: Pick<RunOrder, "directive" | "journal">,
): Promise<Spending> {
  const ledger = await parts.ledger();
  const { runId } = journal;
  // What the journal answers is counted by its cost before what nobody knows more of.
  ledger.record(callsOf(runId, journal.entries));
  ledger.settleRun(runId);
  return spendingUnder(parts, runId, directive.skill);
}

/**
 * Works with what stands before each call that belongs to no run, for comparing answers with those of
 * one. Its id is locked meanwhile, so that others see that somebody still works under it.
 */
export async function withComparisonSpending<T>(
  parts: Parts,
  { runId, skill }: { readonly runId: string; readonly skill: string },
  work: (spending: Spending) => Promise<T>,
): Promise<T> {
  const { runs } = await parts.workspace();
  const id = newComparisonId(runId);
  const path = lockPath(runs, id);
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw fileError("Locking a comparison", path, error);
  });
  const lock = await acquireLock(path, { waitMs: 0 });
  try {
    return await work(await spendingUnder(parts, id, skill));
  } finally {
    lock.release();
    await rm(path, { force: true });
  }
}

async function spendingUnder(parts: Parts, runId: string, skill: string): Promise<Spending> {
  const { runs } = await parts.workspace();
  const ledger = await parts.ledger();
  return new RunSpending({
    ledger,
    budget: parts.config.budget,
    models: parts.config.models,
    runId,
    skill,
    clock: parts.clock,
    freeDeadRuns: () => freeDeadRuns(ledger, runs),
  });
}

type BudgetEvent = Extract<AgentEvent, { type: "budget-reached" }>;

export type RunEnd =
  | { readonly kind: "ended"; readonly state: LoopState }
  | { readonly kind: "waits"; readonly event: BudgetEvent };

/** A budget that is reached ends the pass, and is no error. */
export async function unlessBudget(
  spending: Spending,
  work: () => Promise<LoopState>,
): Promise<RunEnd> {
  try {
    return { kind: "ended", state: await work() };
  } catch (error) {
    const { reached } = spending;
    if (
      !(error instanceof AgentError) ||
      error.code !== "BUDGET_REACHED" ||
      reached === undefined
    ) {
      throw error;
    }
    return { kind: "waits", event: { type: "budget-reached", ...reached, message: error.message } };
  }
}
