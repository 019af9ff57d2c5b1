import type { Language } from "../shared/json.ts";
import type { ReadOutcome, SourceFacts } from "../syntax/source-facts.ts";

/** `forbidden`: nobody may; `approval`: a person could grant it; `unavailable`: not in the standard library. */
export type FindingTier = "forbidden" | "approval" | "unavailable";

export interface SafetyFinding {
  readonly tier: FindingTier;
  /** `builtin-eval`, `network`, `file-outside`, `command`, `pattern`, `rule`, … */
  readonly rule: string;
  /** From 1; 0 when the source as a whole is meant. */
  readonly line: number;
  /** For the coder: what was found, why not, what to do instead. */
  readonly message: string;
}

/** A user's own rule: a pattern matched against the source as text, or a function. */
export type SafetyRule =
  | { readonly pattern: RegExp; readonly message?: string }
  | ((source: string, language: Language) => string | undefined);

export interface SafetyReport {
  readonly accepted: boolean;
  readonly findings: readonly SafetyFinding[];
  readonly facts: ReadOutcome<SourceFacts>;
}

/** Reads a candidate before it is executed. It informs early; the sandbox is what holds. */
export interface SafetyReader {
  /** @throws {AgentError} CONFIG_INVALID when a pattern that was added is no regular expression. */
  read(language: Language, source: string, capabilities: readonly string[]): Promise<SafetyReport>;
}
