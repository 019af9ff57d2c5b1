import type { ReachedName, SourceFacts } from "../syntax/source-facts.ts";
import { fileFinding } from "./file-findings.ts";
import { isUnder, type NameRule, type Policy } from "./policy.ts";
import { pythonPolicy } from "./python-policy.ts";
import type { FindingTier, SafetyFinding } from "./safety.ts";
import { typescriptPolicy } from "./typescript-policy.ts";

/** What the built-in rules find in a source: each rule once, at its first line. */
export function builtInFindings(
  facts: SourceFacts,
  capabilities: readonly string[],
): SafetyFinding[] {
  const policy = facts.language === "python" ? pythonPolicy : typescriptPolicy;
  const found = new Map<string, SafetyFinding>();
  const add = (key: string, finding: SafetyFinding | undefined): void => {
    if (finding !== undefined && !found.has(key)) found.set(key, finding);
  };
  for (const reached of facts.reached) {
    const rule = policy.names.find((candidate) => matches(candidate, reached));
    if (rule !== undefined) add(rule.rule, nameFinding(rule, reached, policy, capabilities));
    const file = fileFinding(reached, policy);
    if (file !== undefined) add(`${file.rule} ${file.line}`, file);
  }
  for (const { module, line } of facts.imports) {
    // A module that a rule names is told by that rule, which knows more about it.
    if (policy.names.some(({ names }) => names.includes(module))) continue;
    add(`unavailable ${module}`, unavailableFinding(module, line, policy));
  }
  return [...found.values()].toSorted((a, b) => a.line - b.line);
}

function matches(rule: NameRule, reached: ReachedName): boolean {
  if (rule.uses !== undefined && !rule.uses.includes(reached.use)) return false;
  if (rule.isGivenText === true && typeof reached.constantArgs?.[0] !== "string") return false;
  if (rule.isExact === true) return rule.names.includes(reached.name);
  return (
    rule.names.some((name) => isUnder(reached.name, name)) &&
    !(rule.except ?? []).some((name) => isUnder(reached.name, name))
  );
}

function nameFinding(
  rule: NameRule,
  reached: ReachedName,
  policy: Policy,
  capabilities: readonly string[],
): SafetyFinding {
  const { tier } = rule;
  const { line } = reached;
  const name = `\`${policy.shownName(reached.name)}\``;
  const verdict = verdictOf(tier, capabilities);
  const message = `Line ${line}: ${name} ${rule.what}, ${verdict}. Instead, ${rule.instead}.`;
  return { tier, rule: rule.rule, line, message };
}

function verdictOf(tier: FindingTier, capabilities: readonly string[]): string {
  switch (tier) {
    case "approval":
      return `which needs a person's approval, and nobody has given it${declared(capabilities)}`;
    case "forbidden":
      return "which no skill may";
    case "unavailable":
      return "which is not available";
    default:
      return tier satisfies never;
  }
}

function declared(capabilities: readonly string[]): string {
  return capabilities.length === 0
    ? ""
    : ` (the contract asks for ${capabilities.join(", ")}; asking is not enough)`;
}

function unavailableFinding(
  module: string,
  line: number,
  policy: Policy,
): SafetyFinding | undefined {
  const instead = policy.unavailable(module);
  return instead === undefined
    ? undefined
    : {
        tier: "unavailable",
        rule: "module-unavailable",
        line,
        message: `Line ${line}: the module \`${module}\` is not available; skills use the standard library only. Instead: ${instead}.`,
      };
}
