import { randomBytes } from "node:crypto";
import type { Config } from "../../config/schema.ts";

export type Budget = Config["budget"];
export type BudgetScope = keyof Budget;
export type BudgetKind = keyof Budget["day"];

/** What calls cost, or may cost. */
export interface Amounts {
  readonly tokens: number;
  readonly requests: number;
  /** Of model calls only. */
  readonly timeMs: number;
  /** US dollars; calls whose price was not known count as nothing. */
  readonly money: number;
}

/** One model call of one run; its answer is counted once, however often it is told. */
export interface CallKey {
  readonly runId: string;
  readonly role: string;
  readonly order: number;
}

/** A call that may be made now. */
export interface HeldCall extends CallKey {
  readonly skill: string;
  readonly model: string;
}

export interface SpentCall extends HeldCall {
  /** The calendar day where this machine stands, `2026-11-27`. */
  readonly day: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly timeMs: number;
  readonly money: number | null;
}

const comparison = "compare-";

/** A new id for one comparison with a run: two at once must not take each other's calls for their own. */
export function newComparisonId(runId: string): string {
  return `${comparison}${runId}-${randomBytes(4).toString("hex")}`;
}

export function isComparison(runId: string): boolean {
  return runId.startsWith(comparison);
}

/**
 * The ids that count as one directive, as a GLOB of SQLite: a run, or all comparisons with one run, so
 * that each does not bring a budget of its own.
 */
export function directivePattern(runId: string): string {
  return isComparison(runId) ? runId.replace(/-[0-9a-f]{8}$/, "-*") : runId;
}

/** The calendar day of an instant, by the clock and time zone of this machine. */
export function localDay(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function isLimited(budget: Budget, kind: BudgetKind): boolean {
  return Object.values(budget).some((limits) => limits[kind] !== undefined);
}
