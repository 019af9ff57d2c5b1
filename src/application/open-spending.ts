import type { LoopState } from "../loop/state.ts";
import { callsOf, freeDeadRuns } from "../model/budget/open-ledger.ts";
import { RunSpending, type Spending } from "../model/budget/spending.ts";
import { AgentError } from "../shared/errors.ts";
import type { AgentEvent } from "../shared/events.ts";
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

/** The same for calls that no journal holds. Whoever calls under an id keeps it locked. */
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
