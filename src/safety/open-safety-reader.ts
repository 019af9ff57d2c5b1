import type { SourceReader } from "../syntax/source-facts.ts";
import type { PatternMatcher } from "../syntax/source-reader.ts";
import { compilePattern, DANGEROUS_PATTERNS } from "./dangerous-patterns.ts";
import { builtInFindings } from "./name-findings.ts";
import type { SafetyFinding, SafetyReader, SafetyRule } from "./safety.ts";
import { functionFindings, patternFindings } from "./user-findings.ts";

export interface SafetyReaderOptions {
  readonly reader: SourceReader & PatternMatcher;
  /** Rules of the user's own, from the API. */
  readonly rules?: readonly SafetyRule[];
  /** Regular expressions as the configuration holds them. */
  readonly patterns?: readonly string[];
}

/**
 * Returns the reader of candidates: built-in rules over the syntax tree, then the user's patterns
 * (the given ones and DANGEROUS_PATTERNS, as it is at each read) and functions. Does not close
 * `reader`. It does not replace the sandbox: values that are only known at run time pass.
 *
 * @throws {AgentError} CONFIG_INVALID when a pattern is no regular expression; its `read` throws the
 * same for a text among DANGEROUS_PATTERNS.
 */
export function openSafetyReader(options: SafetyReaderOptions): SafetyReader {
  const { reader, rules = [] } = options;
  const configured = (options.patterns ?? []).map((text, index) => ({
    pattern: compilePattern(text, `safety.patterns[${index}]`),
  }));
  const functions = rules.filter((rule) => typeof rule === "function");
  const patterns = rules.filter((rule) => typeof rule !== "function");

  return {
    async read(language, source, capabilities) {
      const added = addedPatterns();
      const facts = await reader.facts(language, source);
      const builtIn =
        facts.kind === "read"
          ? builtInFindings(facts.value, capabilities)
          : [unreadableFinding(facts.reason, facts.message)];
      // Text that the reader refuses for its size is not matched either: it is refused already.
      const isTooLarge = facts.kind === "unreadable" && facts.reason === "too-large";
      const own = isTooLarge
        ? []
        : [
            ...(await patternFindings(source, [...configured, ...patterns, ...added], reader)),
            ...functionFindings(source, language, functions),
          ];
      const findings = [...builtIn, ...own];
      return { accepted: findings.length === 0, findings, facts };
    },
  };
}

function addedPatterns(): readonly { readonly pattern: RegExp }[] {
  return DANGEROUS_PATTERNS.map((pattern, index) => ({
    pattern:
      typeof pattern === "string"
        ? compilePattern(pattern, `DANGEROUS_PATTERNS[${index}]`)
        : pattern,
  }));
}

function unreadableFinding(reason: string, message: string): SafetyFinding {
  return { tier: "forbidden", rule: reason, line: 0, message };
}
