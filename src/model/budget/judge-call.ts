import type { ModelPrice } from "../chat-model.ts";
import { moneyFor } from "../price.ts";
import type { Amounts, Budget, BudgetKind, BudgetScope } from "./amounts.ts";

/** What a call may cost before anybody knows what it will. */
export interface WorstCase {
  /** As estimated, rather too many than too few. */
  readonly promptTokens: number;
  /** The most that the model would answer with. */
  readonly outputTokens: number;
  /** With fewer an answer would be cut; the call is not made then. */
  readonly leastOutputTokens: number;
  readonly price: ModelPrice | undefined;
}

/** What calls under way hold; of time, what they have taken. */
export type Held = Amounts;

export interface Shortage {
  readonly scope: BudgetScope;
  readonly kind: BudgetKind;
  readonly limit: number;
  readonly spent: number;
  /** The least that this call could cost at worst. */
  readonly worstCase: number;
}

export type Judgement =
  | {
      readonly kind: "granted";
      /** As many as the budgets have room for; the model's own limit where they have more. */
      readonly outputTokens: number;
      /** To be held. */
      readonly tokens: number;
      readonly money: number;
    }
  /** There is room, but calls under way may need it. */
  | { readonly kind: "busy" }
  | { readonly kind: "reached"; readonly shortage: Shortage };

type Standing = (scope: BudgetScope) => { readonly spent: Amounts; readonly held: Held };

/**
 * Whether a call may be made: only if no budget could be passed, whatever it costs. Where less is left
 * than the model could answer with, but enough for a usual answer, the answer is held to what is left.
 */
export function judgeCall(worst: WorstCase, budget: Budget, standing: Standing): Judgement {
  const scopes = (Object.keys(budget) as BudgetScope[]).filter((scope) =>
    Object.values(budget[scope]).some((limit) => limit !== undefined),
  );
  const standings = scopes.map((scope) => ({ scope, ...standing(scope) }));
  const least = costOf(worst, worst.leastOutputTokens);
  let isBusy = false;
  let outputTokens = worst.outputTokens;
  for (const { scope, spent, held } of standings) {
    const shortage = shortageOf(scope, budget[scope], least, spent);
    if (shortage !== undefined) return { kind: "reached", shortage };
    isBusy ||= shortageOf(scope, budget[scope], least, add(spent, held)) !== undefined;
    outputTokens = Math.min(outputTokens, roomFor(worst, budget[scope], add(spent, held)));
  }
  if (isBusy) return { kind: "busy" };
  const { tokens, money } = costOf(worst, outputTokens);
  return { kind: "granted", outputTokens, tokens, money };
}

function costOf({ promptTokens, price }: WorstCase, outputTokens: number): Amounts {
  const money = moneyFor(price, { promptTokens, outputTokens }) ?? 0;
  // How long it takes nobody knows; the call is ended when the time is up.
  return { tokens: promptTokens + outputTokens, requests: 1, timeMs: 1, money };
}

function shortageOf(
  scope: BudgetScope,
  limits: Budget[BudgetScope],
  cost: Amounts,
  spent: Amounts,
): Shortage | undefined {
  const kinds = Object.keys(cost) as BudgetKind[];
  for (const kind of kinds) {
    const limit = limits[kind];
    if (limit !== undefined && spent[kind] + cost[kind] > limit) {
      return { scope, kind, limit, spent: spent[kind], worstCase: cost[kind] };
    }
  }
  return undefined;
}

/** Tokens of an answer that tokens and money leave room for. */
function roomFor(
  { promptTokens, price, outputTokens }: WorstCase,
  { tokens, money }: Budget[BudgetScope],
  spent: Amounts,
): number {
  const byTokens = tokens === undefined ? outputTokens : tokens - spent.tokens - promptTokens;
  const perToken = (price?.outputPerMillion ?? 0) / 1e6;
  if (money === undefined || perToken === 0) return byTokens;
  const left = money - spent.money - (moneyFor(price, { promptTokens, outputTokens: 0 }) ?? 0);
  return Math.min(byTokens, Math.floor(left / perToken));
}

function add(one: Amounts, other: Amounts): Amounts {
  return {
    tokens: one.tokens + other.tokens,
    requests: one.requests + other.requests,
    timeMs: one.timeMs + other.timeMs,
    money: one.money + other.money,
  };
}
