import type { DirectiveStatus, SkillStatus } from "../shared/events.ts";

/** Field names are the guide's; more were added, none renamed. Times are ISO 8601, UTC. */
export interface SkillRecord {
  name: string;
  status: SkillStatus;
  description: string;
  created_at: string;
  updated_at: string;
  goal: string;
  language: "python" | "typescript";
}

export interface FailureRecord {
  skill: string;
  error: string;
  code_snippet: string;
  timestamp: string;
  goal: string;
  attempt: number;
  kind: string;
  run_id: string;
}

export interface DirectiveRecord {
  goal: string;
  status: DirectiveStatus;
  created_at: string;
  updated_at: string;
  id: string;
  skill: string;
  run_id: string;
}

export interface MemoryFile {
  /** Counted up by each write. */
  version: number;
  schemaVersion: 1;
  skills: SkillRecord[];
  failures: FailureRecord[];
  directives: DirectiveRecord[];
}

export interface RecalledFailure {
  readonly failure: FailureRecord;
  /** Higher is nearer; only the order means anything. */
  readonly score: number;
}

/**
 * The readable index of skills, failures and directives. Every method that writes resolves only
 * when the change is on disk, and is safe beside other processes.
 */
export interface Memory {
  read(): Promise<MemoryFile>;
  /** Adds the skill, or replaces the record of the same name (keeping `created_at`). */
  recordSkill(skill: Omit<SkillRecord, "created_at" | "updated_at">, at: Date): Promise<void>;
  recordFailure(failure: FailureRecord): Promise<void>;
  /** Adds the directive, or replaces the record of the same `id` (keeping `created_at`). */
  recordDirective(
    directive: Omit<DirectiveRecord, "created_at" | "updated_at">,
    at: Date,
  ): Promise<void>;
  /** Failures of the same skill first, then those of similar goals, archived ones included. */
  recallFailures(query: { goal: string; skill: string }, limit: number): Promise<RecalledFailure[]>;
}
