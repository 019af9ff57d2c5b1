import { AgentError } from "../../shared/errors.ts";
import { type BudgetKind, type BudgetScope, isComparison } from "./amounts.ts";
import type { Shortage } from "./judge-call.ts";

const whose: Record<BudgetScope, string> = {
  directive: "this directive",
  day: "today",
  library: "this library",
};
const flags: Record<BudgetKind, string> = {
  tokens: "--max-tokens",
  requests: "--max-requests",
  timeMs: "--max-time-ms",
  money: "--max-money",
};

/** `runId` is whose call it was: a comparison is begun again, a run goes on. */
export function budgetError(shortage: Shortage, action: string, runId: string): AgentError {
  const { scope, kind, limit, spent, worstCase } = shortage;
  const setting = `budget.${scope}.${kind}`;
  const how =
    scope === "directive" ? `${flags[kind]} N or --set ${setting}=N` : `--set ${setting}=N`;
  const compares = isComparison(runId);
  const owner = compares && scope === "directive" ? "all comparisons with this run" : whose[scope];
  const goOn = compares ? "compare again" : "resume the run";
  const wait = scope === "day" ? ", or wait until tomorrow" : "";
  const next =
    kind === "timeMs" || kind === "requests"
      ? ""
      : ` and this call may cost up to ${amount(kind, worstCase)} even if it is kept short`;
  return new AgentError(
    "BUDGET_REACHED",
    `${action}: the budget of ${owner} is ${amount(kind, limit)}, ${amount(kind, spent)} are spent${next}; a larger budget is wanted; raise it with ${how}${wait}, then ${goOn}.`,
    { blame: "caller" },
  );
}

export function unknownPriceError(model: string): AgentError {
  return new AgentError(
    "CONFIG_INVALID",
    `Checking the budget: a limit of money is set and what ${model} costs is not known, so that it cannot be kept; its prices are wanted; set models to {"${model}": {"inputPricePerMillion": N, "outputPricePerMillion": N}}, or take the limit of money out.`,
    { blame: "caller" },
  );
}

function amount(kind: BudgetKind, value: number): string {
  switch (kind) {
    case "tokens":
      return `${value} tokens`;
    case "requests":
      return `${value} model ${value === 1 ? "call" : "calls"}`;
    case "timeMs":
      return `${value} ms of model calls`;
    case "money":
      return `${Number(value.toFixed(6))} US dollars`;
  }
}
