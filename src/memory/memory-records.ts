import { hash } from "node:crypto";
import { digestBytes } from "../shared/digest.ts";
import type { DirectiveStatus, SkillStatus } from "../shared/events.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import type { DirectiveRecord, FailureRecord, SkillRecord } from "./memory.ts";

const SKILL_STATUSES: readonly SkillStatus[] = ["working", "untested", "failed"];
const DIRECTIVE_STATUSES: readonly DirectiveStatus[] = [
  "pending",
  "running",
  "waiting",
  "completed",
  "unproven",
  "failed",
  "cancelled",
];
const LONGEST_ERROR = 2_000;
const LONGEST_SNIPPET = 4_000;
const LONGEST_GOAL = 2_000;

/** Completes a skill as the guide's program writes it; undefined when it has no name. */
export function toSkillRecord(value: JsonValue, fallbackTime: string): SkillRecord | undefined {
  if (!isJsonObject(value)) return undefined;
  const name = text(value, "name", "");
  if (name === "") return undefined;
  const description = text(value, "description", "");
  const created = time(value, "created_at", time(value, "updated_at", fallbackTime));
  return {
    ...value,
    name,
    ...known(value["status"], SKILL_STATUSES, "untested"),
    description,
    created_at: created,
    updated_at: time(value, "updated_at", created),
    ...unreadableTimes(value, ["created_at", "updated_at"]),
    // The guide's program keeps the goal as the description.
    goal: text(value, "goal", description),
    language: value["language"] === "typescript" ? "typescript" : "python",
  };
}

/** Completes a failure; `goalOf` finds the goal of a skill by its name. */
export function toFailureRecord(
  value: JsonValue,
  fallbackTime: string,
  goalOf: (skill: string) => string,
): FailureRecord | undefined {
  if (!isJsonObject(value)) return undefined;
  const skill = text(value, "skill", "");
  const error = text(value, "error", "");
  if (skill === "" && error === "") return undefined;
  return {
    ...value,
    skill,
    error,
    code_snippet: text(value, "code_snippet", ""),
    timestamp: time(value, "timestamp", fallbackTime),
    ...unreadableTimes(value, ["timestamp"]),
    goal: text(value, "goal", "") || goalOf(skill),
    attempt: typeof value["attempt"] === "number" ? value["attempt"] : 0,
    kind: text(value, "kind", "unknown"),
    run_id: text(value, "run_id", ""),
  };
}

/** Completes a directive; one without an id gets the same one at every reading. */
export function toDirectiveRecord(
  value: JsonValue,
  fallbackTime: string,
): DirectiveRecord | undefined {
  if (!isJsonObject(value)) return undefined;
  const goal = text(value, "goal", "");
  if (goal === "") return undefined;
  const created = time(value, "created_at", fallbackTime);
  const writtenAt = text(value, "created_at", "");
  return {
    ...value,
    goal,
    ...known(value["status"], DIRECTIVE_STATUSES, "pending"),
    created_at: created,
    updated_at: time(value, "updated_at", created),
    ...unreadableTimes(value, ["created_at", "updated_at"]),
    id: text(value, "id", "") || `imported-${digestBytes(`${goal}\n${writtenAt}`).slice(7, 19)}`,
    skill: text(value, "skill", ""),
    run_id: text(value, "run_id", ""),
  };
}

/** The failure with its long texts shortened in the middle: the ends say what went wrong. */
export function boundFailure(failure: FailureRecord): FailureRecord {
  return {
    ...failure,
    error: shorten(failure.error, LONGEST_ERROR),
    code_snippet: shorten(failure.code_snippet, LONGEST_SNIPPET),
    goal: shorten(failure.goal, LONGEST_GOAL),
  };
}

/** Equal for two copies of one failure, cheap enough for tens of thousands. */
export function failureKey(failure: FailureRecord): string {
  const { skill, timestamp, attempt, run_id: runId, kind, error, code_snippet: code } = failure;
  return hash("sha256", JSON.stringify([skill, timestamp, attempt, runId, kind, error, code]));
}

function shorten(value: string, longest: number): string {
  if (value.length <= longest) return value;
  const note = `\n… ${value.length - longest} characters left out …\n`;
  const room = longest - note.length;
  const head = Math.ceil(room / 2);
  return `${value.slice(0, head)}${note}${value.slice(value.length - (room - head))}`.toWellFormed();
}

function text(value: JsonObject, field: string, fallback: string): string {
  const found = value[field];
  return typeof found === "string" ? found : fallback;
}

/** A time without a zone is the guide's `datetime.now().isoformat()`: local time. */
function time(value: JsonObject, field: string, fallback: string): string {
  const written = text(value, field, "");
  if (written === "") return fallback;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? fallback : date.toISOString();
}

/** What was written where a time belongs, kept beside the one that stands in for it. */
function unreadableTimes(value: JsonObject, fields: readonly string[]): JsonObject {
  const kept = fields.flatMap((field) => {
    const written = value[field];
    const isTime =
      written === undefined ||
      written === "" ||
      (typeof written === "string" && !Number.isNaN(Date.parse(written)));
    return isTime ? [] : [[`original_${field}`, written] as const];
  });
  return Object.fromEntries(kept);
}

/** The status, or the fallback with what was written there kept beside it. */
function known<Status extends string>(
  value: JsonValue | undefined,
  statuses: readonly Status[],
  fallback: Status,
): { status: Status } {
  const status = statuses.find((candidate) => candidate === value);
  if (status !== undefined) return { status };
  const kept = value === undefined ? {} : { original_status: value };
  return { status: fallback, ...kept };
}
