import { isDeepStrictEqual } from "node:util";
import type { JournalDamage, JournalEntry } from "../journal/journal.ts";
import type { AgentError } from "../shared/errors.ts";
import type { AgentEvent } from "../shared/events.ts";
import type { ProofCheck, ReplayOptions, ReplayResult } from "./application.ts";
import { showRun } from "./list-runs.ts";
import type { Parts } from "./parts.ts";
import { replayJournal } from "./replay-journal.ts";

/** Runs a recorded run again without a model, and compares; see `Application.replayRun`. */
export async function replayRun(
  parts: Parts,
  runId: string,
  options: ReplayOptions,
): Promise<ReplayResult> {
  let damage: JournalDamage | undefined;
  const recorded = await showRun(parts, runId, (found) => {
    damage = found;
  });
  const { signal } = options;
  const replayed = await replayJournal(parts, runId, recorded, signal);
  const checks = [
    ...compareRuns(recorded, replayed.entries),
    ...(damage?.kind === "middle" ? [damageCheck(damage)] : endOf(recorded, replayed.stopped)),
  ];
  for (const check of checks) {
    options.onCheck?.(check);
  }
  const started = recorded.find((entry) => entry.type === "run-started");
  return {
    runId,
    goal: started?.goal ?? "",
    same: checks.every(({ state }) => state !== "fails"),
    answers: recorded.filter(({ type }) => type === "model-answered").length,
    checks,
  };
}

/** Facts of a run by their name, in order, without what was measured of them. */
function factsOf(entries: readonly JournalEntry[]): Map<string, unknown> {
  const facts = new Map<string, unknown>();
  for (const entry of entries) {
    const [name, value] = factOf(entry) ?? [];
    if (name === undefined) continue;
    let unique = name;
    for (let count = 2; facts.has(unique); count += 1) unique = `${name} ${count}`;
    facts.set(unique, withoutMeasures(value));
  }
  return facts;
}

const comparedSteps: ReadonlyMap<string, string> = new Map([
  ["vet-cases", "cases"],
  ["stubs", "stubs"],
  ["safety", "safety"],
  ["verdict", "verdict"],
  ["observe", "behaviour"],
  ["repeats", "repeats"],
  ["mutants", "mutants"],
  ["mutants-again", "mutants again"],
]);

function factOf(entry: JournalEntry): [string, unknown] | undefined {
  if (entry.type === "step-recorded") {
    const name = comparedSteps.get(entry.step);
    return name === undefined ? undefined : [name, entry.value];
  }
  return entry.type === "event" ? factOfEvent(entry.event) : undefined;
}

function factOfEvent(event: AgentEvent): [string, unknown] | undefined {
  if (event.type === "contract-written") return ["contract", event.contract];
  if (event.type === "suite-written") return ["suite", event];
  if (event.type === "candidate-written") return ["code", event.codeDigest];
  if (event.type === "skill-unproven") return ["missing", event.missing];
  if (event.type !== "run-finished") return undefined;
  const { status, attempts, modelCalls } = event;
  return ["outcome", { status, attempts, modelCalls }];
}

/** A time limit lies in `unanswered` too. */
const measures: ReadonlySet<string> = new Set(["durationMs", "usage", "unanswered"]);

function withoutMeasures(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner) => (measures.has(key) ? undefined : inner)) ?? "null",
  );
}

function compareRuns(
  recorded: readonly JournalEntry[],
  replayed: readonly JournalEntry[],
): ProofCheck[] {
  const [before, now] = [factsOf(recorded), factsOf(replayed)];
  const checks: ProofCheck[] = [];
  for (const [part, fact] of before) {
    const again = now.get(part);
    if (!now.has(part)) {
      checks.push({ part, state: "fails", detail: "was found then, and is not found now" });
    } else if (isDeepStrictEqual(fact, again)) {
      checks.push({ part, state: "holds", detail: describe(part, fact) });
    } else {
      checks.push({ part, state: "fails", detail: firstDifference(fact, again) });
    }
  }
  for (const part of now.keys()) {
    if (!before.has(part) && isFinished(recorded)) {
      checks.push({ part, state: "fails", detail: "is found now, and was not found then" });
    }
  }
  return checks;
}

function isFinished(entries: readonly JournalEntry[]): boolean {
  return entries.some(({ type }) => type === "run-finished");
}

function endOf(recorded: readonly JournalEntry[], stopped: AgentError | undefined): ProofCheck[] {
  if (stopped === undefined) {
    return [];
  }
  const wasCutOff = !isFinished(recorded);
  const detail = wasCutOff ? "the recorded run was cut off here too" : stopped.message;
  return [{ part: "end", state: wasCutOff ? "skipped" : "fails", detail }];
}

/** What stood behind it was not run again, so nobody knows whether it is the same. */
function damageCheck({ line, reason }: JournalDamage): ProofCheck {
  const detail = `damaged at line ${line} (${reason}); nothing is compared from there on`;
  return { part: "journal", state: "fails", detail };
}

function describe(part: string, fact: unknown): string {
  const { status, attempts, passed, findings, cases } = Object(fact);
  if (part === "outcome")
    return `${status} after ${attempts === 1 ? "1 attempt" : `${attempts} attempts`}`;
  if (Array.isArray(findings) && part.startsWith("verdict")) {
    const right = findings.filter((finding) => Object(finding).passed === true).length;
    return `${passed === true ? "passed" : "failed"}, ${right} of ${findings.length} cases`;
  }
  if (Array.isArray(cases)) return `${cases.length} cases, as they were`;
  return "as it was";
}

/** The first place where two values differ, as a path, and both. */
function firstDifference(before: unknown, now: unknown, path = ""): string {
  const [a, b] = [Object(before), Object(now)];
  if (typeof before === "object" && typeof now === "object" && before !== null && now !== null) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (!isDeepStrictEqual(a[key], b[key])) {
        return firstDifference(a[key], b[key], path === "" ? key : `${path}.${key}`);
      }
    }
  }
  const place = path === "" ? "" : `${path}: `;
  return `${place}was ${shown(before)}, is ${shown(now)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
