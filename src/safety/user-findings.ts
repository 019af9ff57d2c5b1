import type { Language } from "../shared/json.ts";
import type { PatternMatcher } from "../syntax/source-reader.ts";
import type { SafetyFinding, SafetyRule } from "./safety.ts";

type PatternRule = Extract<SafetyRule, { readonly pattern: RegExp }>;
type FunctionRule = Exclude<SafetyRule, PatternRule>;

/** What the patterns find; a pattern that does not end refuses the candidate. */
export async function patternFindings(
  source: string,
  rules: readonly PatternRule[],
  matcher: PatternMatcher,
): Promise<SafetyFinding[]> {
  const patterns = rules.map(({ pattern }) => ({ source: pattern.source, flags: pattern.flags }));
  const outcome = await matcher.matchPatterns(source, patterns);
  if (outcome.kind === "unreadable") {
    const message =
      outcome.reason === "timeout"
        ? "Matching the safety patterns: one of them does not come to an end on this code. Simplify the pattern (safety.patterns, DANGEROUS_PATTERNS or a rule of your own)."
        : `Matching the safety patterns: ${outcome.message}`;
    return [{ tier: "forbidden", rule: "pattern", line: 0, message }];
  }
  return outcome.value.map(({ index, line }) => {
    const rule = rules[index];
    const reason = rule?.message ?? "this is not allowed here; do it another way";
    const message = `Line ${line}: the code matches the safety pattern ${rule?.pattern ?? ""}: ${reason}.`;
    return { tier: "forbidden", rule: "pattern", line, message };
  });
}

/** What the functions say; one that throws, or answers anything but a text or nothing, refuses. */
export function functionFindings(
  source: string,
  language: Language,
  rules: readonly FunctionRule[],
): SafetyFinding[] {
  return rules.flatMap((rule) => {
    const message = complaint(rule, source, language);
    return message === undefined ? [] : [{ tier: "forbidden", rule: "rule", line: 0, message }];
  });
}

function complaint(rule: FunctionRule, source: string, language: Language): string | undefined {
  try {
    const answer: unknown = rule(source, language);
    if (answer === undefined || answer === null || answer === false || answer === "")
      return undefined;
    return typeof answer === "string"
      ? answer
      : "Applying a safety rule of your own: it answered neither a text nor undefined; let it answer at once with the reason, or undefined to accept.";
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return `Applying a safety rule of your own: it threw "${detail}"; mend the rule, no candidate passes until then.`;
  }
}
